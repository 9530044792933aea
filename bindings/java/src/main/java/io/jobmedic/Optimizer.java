package io.jobmedic;

/**
 * Bayesian optimization: looks for the smallest value of any expensive function over a space (jobmedic.space/1), by ask and
 * tell. The same space, options and values give the same trials. Belongs to one thread at a time: a second one gets an
 * IllegalStateException.
 */
public final class Optimizer implements AutoCloseable {
  private final Handle handle;
  private final Alone alone = new Alone("Optimizer");

  private Optimizer(String space, String options) {
    Natives.load();
    byte[] over = Jobmedic.required(space, "space");
    handle = new Handle(this, "Optimizer", Native.optimizerCreate(over, Handle.bytes(options)), Native::optimizerFree);
  }

  /**
   * An optimizer with all defaults.
   *
   * @param space jobmedic.space/1
   * @return to be closed
   * @throws JobmedicException PARSE, SCHEMA
   */
  public static Optimizer create(String space) {
    return create(space, null);
  }

  /**
   * An optimizer.
   *
   * @param space jobmedic.space/1
   * @param options {"seed": 0, "initial_points": 0, "effort": 1}, or null; 0 points: chosen by the dimension; effort (0.001 to
   *     1): how long to think about each trial, as a part of the usual
   * @return to be closed
   * @throws JobmedicException PARSE, SCHEMA
   */
  public static Optimizer create(String space, String options) {
    return new Optimizer(space, options);
  }

  /**
   * What to try next. More than one trial may be open at once.
   *
   * @return jobmedic.trial/1 {"trial": 1, "parameters": {...}}; trials count from 1, numbers are in the space's units
   */
  public String ask() {
    return alone.in(() -> handle.answer(Native::optimizerAsk));
  }

  /**
   * What an open trial came to.
   *
   * @param trial its number
   * @param value smaller is better; NaN or infinite: the trial failed
   * @throws JobmedicException INVALID_ARGUMENT: no such trial, or it was told already
   */
  public void tell(long trial, double value) {
    alone.in(() -> handle.use(optimizer -> {
      Native.optimizerTell(optimizer, trial, value);
      return null;
    }));
  }

  /**
   * The best trial so far.
   *
   * @return jobmedic.best/1 {"best": {"trial": 7, "parameters": {...}, "value": 0.73}}; "best" is null before the first finite
   *     value
   */
  public String best() {
    return alone.in(() -> handle.answer(Native::optimizerBest));
  }

  /** Gives up what it holds. Any later use but another close() throws IllegalStateException. */
  @Override
  public void close() {
    handle.close();
  }
}
