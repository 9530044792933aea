package io.jobmedic;

/**
 * One table of device characteristics from a lake of contradictory rows, whole or in parts on many machines, as {@code jobmedic
 * forecast curate}. Texts are CSV; answers are {"schema": "jobmedic.curation_answer/1", "table": CSV, "report": {...}}. Safe from any
 * number of threads.
 */
public final class Curation {
  private Curation() {}

  /**
   * Curates all rows given.
   *
   * @param raw the lake, with device_type and sdk_version
   * @param options {"secondary": CSV, "keys": CSV, "truth": CSV, "policy": {...}}, all optional, or null
   * @return the answer
   * @throws JobmedicException PARSE, SCHEMA
   */
  public static String curate(String raw, String options) {
    Natives.load();
    return Handle.text(Native.forecastCurate(Jobmedic.required(raw, "raw"), Handle.bytes(options)));
  }

  /**
   * What curate() had said of a whole lake.
   *
   * @param parts the answers for its parts, [{...}, ...]: each with all rows of some device types, and with the same options
   * @param options {"truth": CSV}, or null
   * @return the answer
   * @throws JobmedicException PARSE, SCHEMA; INVALID_ARGUMENT: a device type is in two parts, or their columns differ
   */
  public static String merge(String parts, String options) {
    Natives.load();
    return Handle.text(Native.forecastMerge(Jobmedic.required(parts, "parts"), Handle.bytes(options)));
  }

  /**
   * A device's key in its one form; a lake is parted by device_type in this form.
   *
   * @param device {"device_type": " dt07", "sdk_version": "6.2.0"}
   * @return {"device_type": "DT07", "sdk_version": "6.2"}
   * @throws JobmedicException PARSE, SCHEMA
   */
  public static String device(String device) {
    Natives.load();
    return Handle.text(Native.forecastDevice(Jobmedic.required(device, "device")));
  }
}
