package io.jobmedic;

/** How much a message or an event matters. */
public enum Level {
  /** What failed. */
  ERROR,
  /** What went on, but not as it should. */
  WARNING,
  /** What an operator may want to know. */
  INFO,
  /** The steps of each answer. */
  DEBUG;

  static Level of(int number) {
    return values()[Math.max(0, Math.min(number, DEBUG.ordinal()))];
  }
}
