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
