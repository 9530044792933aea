package io.jobmedic;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Is this process about to be killed for its memory? A trained model, ready; needs no {@link Engine}. Make one for the process:
 * any number of threads may use it at once, each {@link Session} one at a time. What is never closed is freed when it and its
 * sessions are garbage.
 *
 * <pre>{@code
 * try (Forecaster forecaster = Forecaster.create()) {
 *   Session session = forecaster.begin("{\"limit_bytes\": 536870912}", forecast -> cache.clear());
 *   Reading reading = new Reading();
 *   while (running) {
 *     session.update(reading.clear().set(TIME_S, System.nanoTime() / 1e9).set(USAGE_BYTES, usage).set(CACHE_BYTES, reclaimable));
 *   }
 * }
 * }</pre>
 */
public final class Forecaster implements AutoCloseable {
  private final Handle handle;

  private Forecaster(long forecaster) {
    handle = new Handle(this, "Forecaster", forecaster, Native::forecasterFree);
  }

  /**
   * The shipped model.
   *
   * @return to be closed
   * @throws UnsatisfiedLinkError the native library was not found, see {@link Natives}
   */
  public static Forecaster create() {
    Natives.load();
    return new Forecaster(Native.forecasterCreate(null));
  }

  /**
   * A model of your own.
   *
   * @param model a file that {@code jobmedic forecast train} wrote, of the default file system
   * @return to be closed
   * @throws JobmedicException IO; MODEL: it is damaged, or no model
   * @throws UnsatisfiedLinkError the native library was not found, see {@link Natives}
   */
  public static Forecaster create(Path model) {
    Natives.load();
    return new Forecaster(Native.forecasterCreate(Log.pathBytes(model)));
  }

  /**
   * The version that a store has in service, see {@code jobmedic forecast train --store} and {@code jobmedic models}. It does not
   * follow later ones.
   *
   * @param store its URL: {@code sqlite:PATH} or {@code postgresql://[USER@]HOST/DATABASE}
   * @return to be closed
   * @throws JobmedicException STORE; MODEL: it is damaged; INVALID_ARGUMENT: no forecast model is in service
   * @throws UnsatisfiedLinkError the native library was not found, see {@link Natives}
   */
  public static Forecaster inService(String store) {
    Natives.load();
    return new Forecaster(Native.forecasterOpen(Handle.bytes(Objects.requireNonNull(store, "store"))));
  }

  /**
   * A session that tells nobody of alerts but by its answers.
   *
   * @param place {"device_type": "DT07", "sdk_version": "6.2", "budget_bytes": 37748736, "limit_bytes": 67108864}, all optional,
   *     or null. With limit_bytes, the limit itself, nothing has to be known of the device
   * @return nothing to close
   * @throws JobmedicException PARSE, SCHEMA
   */
  public Session begin(String place) {
    return begin(place, null);
  }

  /**
   * A session.
   *
   * @param place as above, or null
   * @param listener is told of alerts, or null
   * @return nothing to close
   * @throws JobmedicException PARSE, SCHEMA
   */
  public Session begin(String place, AlertListener listener) {
    byte[] where = Handle.bytes(place);
    return new Session(this, handle, handle.use(forecaster -> Native.forecastBegin(forecaster, where)), listener);
  }

  /**
   * A session that was begun earlier or elsewhere, with the same model.
   *
   * @param state {@link Session#state}, which is copied
   * @return nothing to close
   * @throws IllegalArgumentException it is not of {@link Session#STATE_BYTES}
   */
  public Session resume(byte[] state) {
    return resume(state, null);
  }

  /**
   * The same.
   *
   * @param state as above
   * @param listener is told of alerts, or null
   * @return nothing to close
   * @throws IllegalArgumentException as above
   */
  public Session resume(byte[] state, AlertListener listener) {
    if (Objects.requireNonNull(state, "state").length != Session.STATE_BYTES) {
      throw new IllegalArgumentException("a session's state is " + Session.STATE_BYTES + " bytes, not " + state.length);
    }
    return handle.use(open -> new Session(this, handle, state.clone(), listener));
  }

  /**
   * What {@link #features} is about.
   *
   * @return jobmedic.forecast_columns/1: "features", their names in their order, and "columns", by which a recording is read
   */
  public static String columns() {
    Natives.load();
    return Handle.text(Native.forecastColumns());
  }

  /**
   * The features of all readings of a session, equal to the last bit to those of one that is watched: for jobs over recordings.
   *
   * @param place as for {@link #begin}
   * @param readings in their order
   * @return a row of features a reading, NaN where not known; a reading that is not accepted repeats the row before it
   * @throws JobmedicException PARSE, SCHEMA
   */
  public float[][] features(String place, List<Reading> readings) {
    byte[] where = Handle.bytes(place);
    int members = Reading.Member.values().length;
    double[] given = new double[readings.size() * members];
    for (int i = 0; i < readings.size(); ++i) {
      System.arraycopy(readings.get(i).members, 0, given, i * members, members);
    }
    float[] rows = new float[readings.size() * Features.WIDTH];
    handle.use(forecaster -> {
      Native.forecastFeatures(forecaster, where, given, rows, new byte[readings.size()]);
      return null;
    });
    float[][] table = new float[readings.size()][];
    for (int i = 0; i < table.length; ++i) {
      table[i] = Arrays.copyOfRange(rows, i * Features.WIDTH, (i + 1) * Features.WIDTH);
    }
    return table;
  }

  /** How many features there are. */
  private static final class Features {
    static final int WIDTH = count(columns());

    // The names are words, and the list is the only one before "columns".
    private static int count(String columns) {
      return columns.substring(0, columns.indexOf("\"columns\":[")).split(",").length - 1;
    }
  }

  /**
   * Whether close() was called.
   *
   * @return true from then on
   */
  public boolean isClosed() {
    return handle.closed();
  }

  /** Gives up the model. Later begin(), resume(), update() and reasons() throw IllegalStateException. */
  @Override
  public void close() {
    handle.close();
  }
}
