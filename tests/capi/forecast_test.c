#include <math.h>

#include "check.h"

static jobmedic_forecaster* shipped(void) {
  jobmedic_forecaster* forecaster = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_forecaster_create(NULL, 0, &forecaster, &error));
  return forecaster;
}

static jobmedic_session begun(const jobmedic_forecaster* forecaster, const char* place) {
  jobmedic_session session;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_forecast_begin(forecaster, TEXT(place), &session, &error));
  return session;
}

static jobmedic_reading reading_at(double time_s, double usage_bytes) {
  const double unknown = NAN;
  jobmedic_reading reading = {unknown, unknown, unknown, unknown, unknown, unknown, unknown, unknown,
                              unknown, unknown, unknown, unknown, unknown, unknown, unknown};
  reading.time_s = time_s;
  reading.usage_bytes = usage_bytes;
  reading.cache_bytes = 0;
  return reading;
}

static void count_alert(const jobmedic_forecast* forecast, void* user_data) {
  CHECK(forecast->alert == 1 && forecast->accepted == 1 && forecast->level >= 1 && forecast->level <= 4);
  ++*(int*)user_data;
}

TEST(leak_is_foretold, "a session that grows into its limit is foretold, and one that stays far below is not") {
  jobmedic_forecaster* forecaster = shipped();
  jobmedic_error* error = NULL;
  int alerts[2] = {0, 0};
  for (int leaks = 0; leaks < 2; ++leaks) {
    jobmedic_session session = begun(forecaster, "{\"limit_bytes\": 100e6}");
    double last = -1;
    for (int i = 0; i < 50; ++i) {
      const jobmedic_reading reading = reading_at(15.0 * i, leaks ? 2e6 * i + 1e6 : 30e6 + 1e5 * (i % 3));
      jobmedic_forecast forecast;
      CHECK_OK(jobmedic_forecast_update(forecaster, &session, &reading, sizeof reading, &forecast, count_alert,
                                        &alerts[leaks], &error));
      CHECK(forecast.accepted == 1 && forecast.probability >= 0 && forecast.probability <= 1);
      last = forecast.probability;
    }
    CHECK(leaks ? last > 0.05 : last < 0.05);
    jobmedic_buffer* reasons = NULL;
    CHECK_OK(jobmedic_forecast_reasons(forecaster, &session, &reasons, &error));
    CHECK(holds(reasons, "\"schema\":\"jobmedic.forecast_reasons/1\""));
    if (leaks) CHECK(holds(reasons, "\"feature\":"));
    jobmedic_buffer_free(reasons);
  }
  CHECK(alerts[0] == 0);
  CHECK(alerts[1] > 0);
  jobmedic_forecaster_free(forecaster);
}

TEST(session_is_plain_bytes, "a session is plain bytes: a copy of it goes its own way") {
  jobmedic_forecaster* forecaster = shipped();
  jobmedic_error* error = NULL;
  jobmedic_session session = begun(forecaster, "{\"limit_bytes\": 1e8}");
  CHECK(sizeof session <= 1024);
  jobmedic_reading reading = reading_at(0, 5e7);
  jobmedic_forecast first, second;
  CHECK_OK(jobmedic_forecast_update(forecaster, &session, &reading, sizeof reading, &first, NULL, NULL, &error));
  jobmedic_session copy = session;
  reading = reading_at(15, 9e7);
  CHECK_OK(jobmedic_forecast_update(forecaster, &session, &reading, sizeof reading, &first, NULL, NULL, &error));
  CHECK_OK(jobmedic_forecast_update(forecaster, &copy, &reading, sizeof reading, &second, NULL, NULL, &error));
  CHECK(first.probability == second.probability);
  CHECK_OK(jobmedic_forecast_update(forecaster, &copy, &reading, sizeof reading, &second, NULL, NULL, &error));
  CHECK(second.accepted == 0 && second.probability == first.probability);
  jobmedic_forecaster_free(forecaster);
}

TEST(forecast_bad_arguments, "a forecaster refuses what is no model, no place and no reading") {
  jobmedic_forecaster* forecaster = NULL;
  jobmedic_error* error = NULL;
  CHECK(jobmedic_forecaster_create(TEXT("no-such-file"), &forecaster, &error) == JOBMEDIC_E_IO);
  CHECK(forecaster == NULL);
  jobmedic_error_free(error);
  forecaster = shipped();
  jobmedic_session session;
  CHECK(jobmedic_forecast_begin(forecaster, TEXT("{\"limit_bytes\": -1}"), &session, &error) == JOBMEDIC_E_SCHEMA);
  jobmedic_error_free(error);
  CHECK(jobmedic_forecast_begin(NULL, TEXT("{}"), &session, &error) == JOBMEDIC_E_INVALID_ARGUMENT);
  jobmedic_error_free(error);
  session = begun(forecaster, "{}");
  jobmedic_forecast forecast;
  const jobmedic_reading reading = reading_at(0, 5e7);
  CHECK(jobmedic_forecast_update(forecaster, &session, &reading, 3, &forecast, NULL, NULL, &error) ==
        JOBMEDIC_E_INVALID_ARGUMENT);
  jobmedic_error_free(error);
  jobmedic_forecaster_free(forecaster);
  jobmedic_forecaster_free(NULL);
}

TEST(features_of_a_session,
     "the features of many readings are rows, and what was not accepted repeats the row before") {
  jobmedic_forecaster* forecaster = shipped();
  jobmedic_error* error = NULL;
  jobmedic_buffer* columns = NULL;
  CHECK_OK(jobmedic_forecast_columns(&columns, &error));
  CHECK(holds(columns, "\"schema\":\"jobmedic.forecast_columns/1\""));
  CHECK(holds(columns, "\"column\":\"rss_kb\""));
  jobmedic_buffer_free(columns);
  enum { width = 100 };
  const jobmedic_reading readings[3] = {reading_at(0, 5e7), reading_at(15, 6e7), reading_at(15, 9e7)};
  float rows[3 * width];
  uint8_t accepted[3];
  CHECK_OK(jobmedic_forecast_features(forecaster, TEXT("{\"limit_bytes\": 1e8}"), readings, sizeof readings[0], 3, rows,
                                      width, accepted, &error));
  CHECK(accepted[0] == 1 && accepted[1] == 1 && accepted[2] == 0);
  CHECK(rows[0] == 0.5F); /* the first feature: working set over the limit */
  CHECK(rows[width] == 0.6F && rows[2 * width] == 0.6F);
  CHECK_OK(jobmedic_forecast_features(forecaster, NULL, 0, NULL, sizeof readings[0], 0, NULL, width, NULL, &error));
  CHECK(jobmedic_forecast_features(forecaster, NULL, 0, readings, sizeof readings[0], 3, rows, 2, NULL, &error) ==
        JOBMEDIC_E_INVALID_ARGUMENT);
  jobmedic_error_free(error);
  CHECK(jobmedic_forecast_features(forecaster, NULL, 0, readings, 3, 3, rows, width, NULL, &error) ==
        JOBMEDIC_E_INVALID_ARGUMENT);
  jobmedic_error_free(error);
  jobmedic_forecaster_free(forecaster);
}

TEST(curation_in_parts, "a lake is curated whole or in parts, and a device has one form") {
  jobmedic_error* error = NULL;
  jobmedic_buffer* answer = NULL;
  CHECK_OK(jobmedic_forecast_device(TEXT("{\"device_type\": \" dt07\", \"sdk_version\": \"6.2.0\"}"), &answer, &error));
  CHECK(holds(answer, "{\"device_type\":\"DT07\",\"sdk_version\":\"6.2\"}"));
  jobmedic_buffer_free(answer);
  CHECK_OK(jobmedic_forecast_curate(TEXT("device_type,sdk_version,ram_mb\ndt07,6.2,512\n"), NULL, 0, &answer, &error));
  CHECK(holds(answer, "\"schema\":\"jobmedic.curation_answer/1\"") && holds(answer, "DT07,6.2,512\\n"));
  char parts[4096];
  snprintf(parts, sizeof parts, "[%s]", jobmedic_buffer_data(answer));
  jobmedic_buffer_free(answer);
  CHECK_OK(jobmedic_forecast_merge(parts, strlen(parts), NULL, 0, &answer, &error));
  CHECK(holds(answer, "DT07,6.2,512\\n"));
  jobmedic_buffer_free(answer);
  CHECK(jobmedic_forecast_merge(TEXT("[{\"schema\": \"other/1\"}]"), NULL, 0, &answer, &error) == JOBMEDIC_E_SCHEMA);
  jobmedic_error_free(error);
  CHECK(jobmedic_forecast_curate(TEXT("a,b\n"), NULL, 0, &answer, &error) == JOBMEDIC_E_PARSE);
  jobmedic_error_free(error);
}

TEST(forecaster_of_a_store, "a forecaster is not opened from a store that is not there") {
  jobmedic_forecaster* forecaster = NULL;
  jobmedic_error* error = NULL;
  CHECK(jobmedic_forecaster_open(TEXT("sqlite:no-such-store.db"), &forecaster, &error) == JOBMEDIC_E_STORE);
  CHECK(forecaster == NULL);
  jobmedic_error_free(error);
  CHECK(jobmedic_forecaster_open(NULL, 0, &forecaster, &error) == JOBMEDIC_E_INVALID_ARGUMENT);
  jobmedic_error_free(error);
}
