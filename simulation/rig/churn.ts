import { buy, cancel, cancelAll, close, defineStrategy, type Intent, param, sell } from "@tradepulse/core";
import { Dice } from "@tradepulse/core/testing";

/** Wishes a lot on every bar, so that a process which is killed at any moment is in the middle of something. */
export default defineStrategy({
  name: "churn",
  about: "Orders of every kind on every bar, for the crash rig. No way to make money.",
  params: { seed: param.int(1, { min: 0, max: 1_000_000, about: "seed of its wishes" }) },

  create({ seed }) {
    let count = 0;
    return {
      onBar(bar, { position, orders, cash }): readonly Intent[] {
        count += 1;
        const dice = new Dice(seed * 1_000_003 + count);
        const wishes: Intent[] = [];
        if (dice.chance(0.06)) return [cancelAll()];
        if (dice.chance(0.04) && !position.isFlat) return [close()];
        for (const order of orders) if (orders.length > 16 || dice.chance(0.15)) wishes.push(cancel({ orderId: order.id }));
        for (let k = dice.whole(2, 6); k > 0 && cash > 500; k -= 1) wishes.push(buyOf(dice, bar.close));
        if (position.quantity > 0 && dice.chance(0.6))
          wishes.push(
            sell({ quantity: position.quantity * 0.4, ...(dice.chance(0.5) ? {} : { limit: bar.close * (1 + dice.whole(0, 4) / 1_000) }) }),
          );
        return wishes;
      },
      save: () => count,
      restore(saved) {
        count = saved as number;
      },
    };
  },
});

function buyOf(dice: Dice, price: number): Intent {
  const quantity = dice.whole(10, 80) / 100;
  const draw = dice.whole(0, 9);
  if (draw < 3) return buy({ quantity });
  if (draw === 3) return buy({ quantity, limit: price * 1.001, timeInForce: "IOC" });
  if (draw === 4) return buy({ quantity, stop: price * 1.0008 });
  return buy({ quantity, limit: price * (1 - dice.whole(0, 4) / 2_000) });
}
