import { timeUsFromCivil } from "@tradepulse/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isZoneName, ZoneRules } from "./zone-rules.ts";

const FROM = timeUsFromCivil(2010, 1, 1);
const TO = timeUsFromCivil(2030, 1, 1);

test("toInstant() adds the offset of winter and of summer when a local time exists once", () => {
  const zone = new ZoneRules("America/New_York", FROM, TO);
  expect(zone.toInstant(timeUsFromCivil(2024, 1, 15, 9, 30))).toEqual({ kind: "instant", timeUs: timeUsFromCivil(2024, 1, 15, 14, 30) });
  expect(zone.toInstant(timeUsFromCivil(2024, 7, 15, 9, 30))).toEqual({ kind: "instant", timeUs: timeUsFromCivil(2024, 7, 15, 13, 30) });
});

test("toInstant() says missing when clocks went forward over the hour, at its first minute and not a minute before", () => {
  const zone = new ZoneRules("America/New_York", FROM, TO);
  expect(zone.toInstant(timeUsFromCivil(2024, 3, 10, 2, 0)).kind).toBe("missing");
  expect(zone.toInstant(timeUsFromCivil(2024, 3, 10, 2, 59)).kind).toBe("missing");
  expect(zone.toInstant(timeUsFromCivil(2024, 3, 10, 1, 59))).toEqual({ kind: "instant", timeUs: timeUsFromCivil(2024, 3, 10, 6, 59) });
  expect(zone.toInstant(timeUsFromCivil(2024, 3, 10, 3, 0))).toEqual({ kind: "instant", timeUs: timeUsFromCivil(2024, 3, 10, 7, 0) });
});

test("toInstant() says ambiguous when clocks went back over the hour", () => {
  const zone = new ZoneRules("Europe/Berlin", FROM, TO);
  expect(zone.toInstant(timeUsFromCivil(2023, 10, 29, 2, 0)).kind).toBe("ambiguous");
  expect(zone.toInstant(timeUsFromCivil(2023, 10, 29, 2, 59)).kind).toBe("ambiguous");
  expect(zone.toInstant(timeUsFromCivil(2023, 10, 29, 3, 0))).toEqual({ kind: "instant", timeUs: timeUsFromCivil(2023, 10, 29, 2, 0) });
});

test("startOfDay() gives the first instant of the day when its midnight does not exist", () => {
  // Clocks in Sao Paulo went from 00:00 to 01:00 on 4 November 2018.
  const zone = new ZoneRules("America/Sao_Paulo", FROM, TO);
  expect(zone.startOfDay(timeUsFromCivil(2018, 11, 4))).toBe(timeUsFromCivil(2018, 11, 4, 3, 0));
  expect(zone.startOfDay(timeUsFromCivil(2018, 11, 3))).toBe(timeUsFromCivil(2018, 11, 3, 3, 0));
});

test("toInstant() undoes offsetAt() for every instant whose local reading exists once", () => {
  const zones = ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "Pacific/Apia"].map(
    (name) => new ZoneRules(name, FROM, TO),
  );
  fc.assert(
    fc.property(fc.integer({ min: FROM, max: TO }), fc.constantFrom(...zones), (timeUs, zone) => {
      const reading = zone.toInstant(timeUs + zone.offsetAt(timeUs));
      if (reading.kind === "instant") expect(reading.timeUs).toBe(timeUs);
      else expect(reading.kind).toBe("ambiguous");
    }),
    { numRuns: 2_000 },
  );
});

test("isZoneName() knows IANA names and nothing else", () => {
  expect(isZoneName("Asia/Tokyo")).toBe(true);
  expect(isZoneName("Mars/Olympus")).toBe(false);
});
