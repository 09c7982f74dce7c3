/** Whoever changes the index of records holds it. Any number that no other program on the database takes. */
export const FILL_LOCK = 7_410_741_102
