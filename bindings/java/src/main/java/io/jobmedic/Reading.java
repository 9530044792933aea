package io.jobmedic;

import java.util.Arrays;

/**
 * What was read of one process, and of the group or device whose limit it lives under. What is not set is not known. One object
 * may serve all readings of a session; it belongs to one thread at a time.
 *
 * <pre>{@code
 * reading.clear().set(Reading.Member.TIME_S, System.nanoTime() / 1e9).set(Reading.Member.USAGE_BYTES, usage);
 * }</pre>
 */
public final class Reading {
  final double[] members = new double[Member.ALL.length];

  /** Named as in jobmedic.h, and in its order. Sizes in bytes; counters are cumulative. */
  public enum Member {
    /** Seconds since any fixed moment; must rise. */
    TIME_S,
    /** How deep in the application its user is. */
    NAVIGATION_LEVEL,
    /** Of the process. */
    RESIDENT_BYTES,
    /** Its anonymous part. */
    PRIVATE_BYTES,
    /** Its file and shared part. */
    SHARED_BYTES,
    /** Of the process. */
    VIRTUAL_BYTES,
    /** Of the process: served without a disk. */
    MINOR_FAULTS,
    /** Of the process: had to wait for a disk. */
    MAJOR_FAULTS,
    /** Seconds of processor time. */
    CPU_S,
    /** How many the process has. */
    THREADS,
    /** Of the group, all of it: what the limit is held against. */
    USAGE_BYTES,
    /** Of the group: what the kernel can take back. */
    CACHE_BYTES,
    /** Of the group: anonymous. */
    GROUP_BYTES,
    /** Of the group. */
    GROUP_MAJOR_FAULTS,
    /** How often the group ran into its limit (memory.failcnt). */
    LIMIT_HITS;

    private static final Member[] ALL = values();
  }

  /** Nothing is known. */
  public Reading() {
    clear();
  }

  /**
   * One figure.
   *
   * @param member which
   * @param value NaN: not known
   * @return this
   */
  public Reading set(Member member, double value) {
    members[member.ordinal()] = value;
    return this;
  }

  /**
   * One figure.
   *
   * @param member which
   * @return NaN: not known
   */
  public double get(Member member) {
    return members[member.ordinal()];
  }

  /**
   * Forgets every figure.
   *
   * @return this
   */
  public Reading clear() {
    Arrays.fill(members, Double.NaN);
    return this;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Reading");
    for (Member member : Member.ALL) {
      if (!Double.isNaN(get(member))) {
        text.append(' ').append(member).append('=').append(get(member));
      }
    }
    return text.toString();
  }
}
