"""The SMA(10/50) cross of the peers bench, on each Python library: reads jobs from stdin, one JSON document a line, and answers in kind.

A job is {"peer": name, "bars": first bars of the exported columns to use}. The answer has the processor time of the work in seconds, what
the library ended with, and its fills. All trade 100 units: in at the next open while the fast average stands above the slow one, out at
the next open after it stands below. The first decision is at the 51st bar, the earliest that all libraries can take. Fee 5 bp,
slippage 1 bp.
"""

import json
import os
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
os.environ["TQDM_DISABLE"] = "1"

FOLDER = sys.argv[1]
FEE, SLIPPAGE, UNITS, CAPITAL, FIRST = 0.0005, 0.0001, 100, 1e7, 50
columns = {name: np.load(f"{FOLDER}/{name}.npy") for name in ("openUs", "open", "high", "low", "close", "volume")}
index = pd.to_datetime(columns["openUs"].astype("int64") * 1000)
frame = pd.DataFrame({name.capitalize(): columns[name] for name in ("open", "high", "low", "close", "volume")}, index=index)


def vectorbt_signals(vbt, data, engine):
    fast = vbt.MA.run(data["Close"], 10, engine=engine).ma
    slow = vbt.MA.run(data["Close"], 50, engine=engine).ma
    entries, exits = fast > slow, fast < slow
    entries.iloc[:FIRST] = False
    # Decided at the close, filled at the next open.
    return entries.vbt.fshift(1, fill_value=False), exits.vbt.fshift(1, fill_value=False)


def vectorbt_portfolio(vbt, data, entries, exits, engine):
    return vbt.Portfolio.from_signals(
        data["Close"],
        entries,
        exits,
        price=data["Open"],
        size=UNITS,
        fees=FEE,
        slippage=SLIPPAGE,
        init_cash=CAPITAL,
        freq="1min",
        engine=engine,
    )


def run_vectorbt(bars, engine, mode):
    import vectorbt as vbt

    data = frame.iloc[:bars]
    given = vectorbt_signals(vbt, data, engine) if mode == "signals-given" else None
    start = time.process_time()
    entries, exits = given if given is not None else vectorbt_signals(vbt, data, engine)
    portfolio = vectorbt_portfolio(vbt, data, entries, exits, engine)
    equity = portfolio.value().iloc[-1] if mode != "signals-given" else None
    if mode == "stats":
        portfolio.stats()
    seconds = time.process_time() - start
    return seconds, float(portfolio.value().iloc[-1] if equity is None else equity), int(portfolio.orders.count())


def run_backtesting(bars):
    from backtesting import Backtest, Strategy

    def mean(values, length):
        return pd.Series(values).rolling(length).mean()

    counted = {}

    class Cross(Strategy):
        def init(self):
            self.fast = self.I(mean, self.data.Close, 10)
            self.slow = self.I(mean, self.data.Close, 50)

        def next(self):
            if self.fast[-1] > self.slow[-1]:
                if not self.position:
                    self.buy(size=UNITS)
            elif self.fast[-1] < self.slow[-1] and self.position:
                self.position.close()
            counted["fills"] = 2 * len(self.closed_trades) + len(self.trades)

    # The library knows no slippage of both sides: here it is part of the commission, which is the same money to 1e-8 of a fill.
    def commission(size, price):
        return abs(size) * price * (FEE + SLIPPAGE)

    start = time.process_time()
    stats = Backtest(frame.iloc[:bars], Cross, cash=CAPITAL, commission=commission).run()
    return time.process_time() - start, float(stats["Equity Final [$]"]), counted["fills"]


def run_backtrader(bars):
    import backtrader as bt

    class Cross(bt.Strategy):
        fills = 0

        def __init__(self):
            self.fast = bt.ind.SMA(self.data.close, period=10)
            self.slow = bt.ind.SMA(self.data.close, period=50)

        def next(self):
            if len(self) <= FIRST:
                return
            if self.fast[0] > self.slow[0]:
                if not self.position:
                    self.buy(size=UNITS)
            elif self.fast[0] < self.slow[0] and self.position:
                self.close()

        def notify_order(self, order):
            if order.status == order.Completed:
                self.fills += 1

    start = time.process_time()
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.addstrategy(Cross)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame.iloc[:bars]))
    cerebro.broker.setcash(CAPITAL)
    cerebro.broker.setcommission(commission=FEE)
    cerebro.broker.set_slippage_perc(SLIPPAGE, slip_open=True, slip_match=True, slip_out=True)
    strategy = cerebro.run()[0]
    return time.process_time() - start, float(cerebro.broker.getvalue()), strategy.fills


PEERS = {
    "vectorbt full": lambda bars: run_vectorbt(bars, "numba", "full"),
    "vectorbt full and stats": lambda bars: run_vectorbt(bars, "numba", "stats"),
    "vectorbt from_signals": lambda bars: run_vectorbt(bars, "numba", "signals-given"),
    "vectorbt-rust full": lambda bars: run_vectorbt(bars, "rust", "full"),
    "vectorbt-rust from_signals": lambda bars: run_vectorbt(bars, "rust", "signals-given"),
    "backtesting.py": run_backtesting,
    "backtrader": run_backtrader,
}

for line in sys.stdin:
    job = json.loads(line)
    try:
        seconds, equity, fills = PEERS[job["peer"]](job["bars"])
        answer = {"seconds": seconds, "equity": equity, "fills": fills}
    except Exception as error:  # A library that cannot do the work is a row of the result, not the end of the bench.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
