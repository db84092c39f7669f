#!/usr/bin/python3
"""The page's modules one by one, in a real browser: ticks, numbers, and the history of rounds.

  tests/browser/modules_test.py --bin build/release/bin

Exit status: 0 passed, 1 failed.
"""
import tempfile
import unittest

import command_line
from browser import Browser
from federation import Federation

NARROW = "\u202f"


class ModulesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        options = command_line.options
        folder = tempfile.TemporaryDirectory(prefix="seedfed-browser-")
        cls.addClassCleanup(folder.cleanup)
        # The modules come from a server, as always.
        server = Federation(options.bin, options.data, folder.name, [])
        cls.addClassCleanup(server.stop)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.quit)
        cls.browser.open(server.url)

    def evaluate(self, module, expression, *arguments):
        """An expression of the module's names and `a`, the arguments."""
        return self.browser.run_async(
            f"const m = await import('/{module}.js'); const a = [...arguments]; return {expression};", *arguments)

    def test_ticks_are_round_and_enclose_the_data(self):
        for low, high, count, expected in ((0.7702, 0.8831, 6, [0.76, 0.78, 0.8, 0.82, 0.84, 0.86, 0.88, 0.9]),
                                           (0, 60, 8, [0, 10, 20, 30, 40, 50, 60]), (0, 10, 5, [0, 2, 4, 6, 8, 10]),
                                           (0, 123456, 4, [0, 50000, 100000, 150000])):
            ticks = self.evaluate("scale", "m.ticks(a[0], a[1], a[2]).values", low, high, count)
            self.assertEqual([round(tick, 9) for tick in ticks], expected)
            self.assertLessEqual(ticks[0], low)
            self.assertGreaterEqual(ticks[-1], high)

    def test_ticks_of_counts_are_whole(self):
        self.assertEqual(self.evaluate("scale", "m.ticks(0, 2, 8, {whole: true}).values"), [0, 1, 2])

    def test_equal_values_have_an_axis(self):
        ticks = self.evaluate("scale", "m.ticks(0.5, 0.5, 6)")
        self.assertLess(ticks["low"], ticks["high"])
        self.assertEqual(self.evaluate("scale", "m.ticks(0, 0, 6)")["low"], 0)

    def test_the_nearest_value_is_found(self):
        for value, index in ((-1, 0), (1, 0), (2.9, 1), (4.6, 2), (99, 3)):
            self.assertEqual(self.evaluate("scale", "m.nearest([1, 3, 6, 7], a[0])", value), index, value)
        self.assertEqual(self.evaluate("scale", "m.nearest([], 1)"), -1)

    def test_numbers(self):
        for expression, text in (("m.number(1234567)", f"1{NARROW}234{NARROW}567"), ("m.number(-1.5, 1)", "\u22121.5"),
                                 ("m.percent(0.87658)", f"87.66{NARROW}%"), ("m.mean(10)", "10"), ("m.mean(9.5)", "9.50"),
                                 ("m.bytes(999)", f"999{NARROW}B"), ("m.bytes(999.9)", f"1.00{NARROW}kB"),
                                 ("m.bytes(4016)", f"4.02{NARROW}kB"), ("m.bytes(940584)", f"941{NARROW}kB"),
                                 ("m.bytes(999999)", f"1.00{NARROW}MB"), ("m.ratio(234.2)", "234"), ("m.ratio(8.44)", "8.4")):
            self.assertEqual(self.evaluate("format", expression), text, expression)

    def test_times(self):
        for expression, text in (("m.duration(0.04)", "0.0 s"), ("m.duration(59.4)", "59 s"), ("m.duration(60)", "1 min"),
                                 ("m.duration(3599)", "59 min 59 s"), ("m.duration(7260)", "2 h 1 min"),
                                 ("m.duration(90000)", "1 d 1 h"), ("m.countdown(272)", "4:32"), ("m.countdown(-3)", "0:00"),
                                 ("m.countdown(3600)", "1:00:00"), ("m.pace(0)", ""), ("m.pace(0.5)", "2.0 s a round"),
                                 ("m.pace(2)", "2.0 rounds/s"), ("m.pace(100)", "100 rounds/s")):
            self.assertEqual(self.evaluate("format", expression), text, expression)

    def history(self, script):
        """What `script` returns; it has a History `h` and rows(first, last, stride), a Rounds message."""
        return self.browser.run_async("""
            const {History} = await import('/history.js');
            const h = new History();
            const rows = (first, last, stride = 1) => {
              const round = [];
              for (let r = first; r <= last; r += stride) round.push(Math.min(r + stride - 1, last));
              const all = (value) => round.map(() => value);
              return {stride, round, training_loss: round.map((r) => 1 / r), updates: all(10), late: all(0), refused: all(0),
                bytes_up: all(40000), update_bytes: 4000, evaluated_round: round, accuracy: all(0.5), evaluation_loss: all(1)};
            };
            """ + script)

    def test_kilobytes_are_counted_both_ways(self):
        # 4,000 bytes of an update and 4,000 of an average, each round.
        self.assertEqual(self.history("h.replace(rows(1, 6, 2)); return [0, 1, 2, 3, 6].map((r) => h.kilobytesAt(r));"),
                         [0, 8, 16, 24, 48])

    def test_a_long_history_stays_small(self):
        rows, last, stride = self.history("""
            h.replace(rows(1, 10000, 17));
            for (let r = 10001; r <= 12000; r += 25) h.append(rows(r, r + 24));
            return [h.rows, h.last, Math.max(...h.round.map((r, i) => r - (h.round[i - 1] ?? 0)))];""")
        self.assertEqual(last, 12000)
        self.assertLessEqual(rows, 710)
        self.assertEqual(stride, 17)

    def test_rows_of_one_stride_are_averaged(self):
        self.assertEqual(self.history("""
            const newer = rows(5, 6);
            newer.training_loss = [2, 4];
            newer.accuracy = [0.2, 0.4];
            h.replace(rows(1, 4, 2));
            h.append(newer);
            return [h.round, h.training_loss.at(-1), h.evaluated.accuracy.at(-1).toFixed(6)];"""), [[2, 4, 6], 3, "0.300000"])

    def test_missing_rounds_are_noticed_and_known_ones_ignored(self):
        self.assertEqual(self.history("h.replace(rows(1, 5)); return [h.append(rows(4, 7)), h.append(rows(9, 9)), h.round];"),
                         [True, False, [1, 2, 3, 4, 5, 6, 7, 9]])

    def test_a_later_report_replaces_an_evaluation(self):
        self.assertEqual(self.history("""
            h.replace(rows(1, 3));
            h.append({...rows(4, 3), evaluated_round: [2], accuracy: [0.9], evaluation_loss: [0.1]});
            return h.evaluated.accuracy;"""), [0.5, 0.9, 0.5])


if __name__ == "__main__":
    command_line.run_tests(__doc__)
