package io.jobmedic;

/** Follows a training; see {@link Engine#train}. */
@FunctionalInterface
public interface Progress {
  /**
   * Called on the thread that trains. An exception cancels the training and comes out of {@link Engine#train}.
   *
   * @param done from 0 to 1
   * @param what is done at the moment
   * @return whether to go on; false cancels: nothing is saved
   */
  boolean told(double done, String what);
}
