package io.jobmedic;

import java.util.Objects;

/**
 * One process or device that is being watched; {@link Forecaster} begins it. There is nothing to close. Belongs to one thread at
 * a time: a second one gets an IllegalStateException. Usable until its forecaster is closed; its state then stays there.
 */
public final class Session {
  /** The size of a {@link #state}. */
  public static final int STATE_BYTES = 960;

  private final Handle forecaster;
  private final Forecaster owner; // must not become garbage before this
  private final byte[] state;
  private final AlertListener listener; // or null
  private final Alone alone = new Alone("Session");

  Session(Forecaster owner, Handle forecaster, byte[] state, AlertListener listener) {
    this.owner = owner;
    this.forecaster = forecaster;
    this.state = state;
    this.listener = listener;
  }

  /**
   * Takes a reading: a few microseconds, and no native memory. Tells the session's {@link AlertListener} of an alert.
   *
   * @param reading not kept
   * @return what is to be expected now
   */
  public Forecast update(Reading reading) {
    Objects.requireNonNull(reading, "reading");
    double[] answer = new double[Forecast.SIZE];
    alone.in(() -> forecaster.use(address -> {
      Native.forecastUpdate(address, state, reading.members, answer);
      return null;
    }));
    Forecast forecast = new Forecast(answer);
    if (listener != null && forecast.alert() && forecast.accepted()) {
      listener.told(forecast);
    }
    return forecast;
  }

  /**
   * Why: what moves the last answer most, at most five figures.
   *
   * @return jobmedic.forecast_reasons/1 {"model": its version, "reasons": [{"feature": "share", "value": 0.93, "logit": 1.7},
   *     ...]}; "logit": by how much less likely the kill were, in log odds, if this figure were as usual
   */
  public String reasons() {
    return alone.in(() -> forecaster.answer(address -> Native.forecastReasons(address, state)));
  }

  /**
   * All that is remembered, for {@link Forecaster#resume(byte[])} in this or another process on a machine of the same kind, with
   * the same model.
   *
   * @return a copy, of {@link #STATE_BYTES}
   */
  public byte[] state() {
    return alone.in(state::clone);
  }

  /**
   * Who began it.
   *
   * @return the forecaster
   */
  public Forecaster forecaster() {
    return owner;
  }
}
