/** Loaded before a program: its clock is ahead by `REMIT_TEST_CLOCK_AHEAD` milliseconds, as if it was started later. */
const ahead = Number(process.env['REMIT_TEST_CLOCK_AHEAD'] ?? 0)
const real = Date.now.bind(Date)
Date.now = () => real() + ahead
