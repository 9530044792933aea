// What is masked in attempts and JSON documents, where a member's name tells what its value is.
#include <catch2/catch.hpp>

#include "jobmedic/error.hpp"
#include "jobmedic/secrets.hpp"

using namespace jobmedic;

namespace {

std::string masked(std::string_view json) {
  return SecretMask().mask_json(json);
}

}  // namespace

TEST_CASE("a member whose name says secret is masked whole, whatever its value looks like") {
  CHECK(masked(R"({"password":"correct horse battery","spark.ssl.keyPassword":"a","db":{"passwd":12345678}})") ==
        R"({"password":"****","spark.ssl.keyPassword":"****","db":{"passwd":"****"}})");
  CHECK(masked(R"({"password":["first one","second one"]})") == R"({"password":["****","****"]})");
}

TEST_CASE("a secret inside of another value is masked alone") {
  CHECK(masked(R"({"url":"jdbc:postgresql://db/sales?user=etl&password=hunter2&ssl=true"})") ==
        R"({"url":"jdbc:postgresql://db/sales?user=etl&password=****&ssl=true"})");
  CHECK(masked(R"({"extraJavaOptions":"-Xmx2g -Djavax.net.ssl.trustStorePassword=changeit -verbose:gc"})") ==
        R"({"extraJavaOptions":"-Xmx2g -Djavax.net.ssl.trustStorePassword=**** -verbose:gc"})");
}

TEST_CASE("assignments written as pairs, as name and value, and as options are understood") {
  CHECK(masked(R"([["spark.ssl.keyPassword","correct horse"],["spark.executor.memory","2g"]])") ==
        R"([["spark.ssl.keyPassword","****"],["spark.executor.memory","2g"]])");
  CHECK(masked(R"({"env":[{"name":"DB_PASSWORD","value":"correct horse"},{"name":"TZ","value":"UTC"}]})") ==
        R"({"env":[{"name":"DB_PASSWORD","value":"****"},{"name":"TZ","value":"UTC"}]})");
  CHECK(masked(R"(["run","--db-password","correct horse","--queue","etl"])") ==
        R"(["run","--db-password","****","--queue","etl"])");
}

TEST_CASE("settings that hold no secret stay, and so does the order of members") {
  const std::string config =
      R"({"spark.executor.memory":"2g","spark.executor.cores":2,"spark.yarn.maxAppAttempts":"1","z":null,"a":[1.5,true],)"
      R"("hive.server2.keystore.password.file":"/etc/pw","password":"${DB_PASSWORD}","max.tokens":512})";
  CHECK(masked(config) == config);
}

TEST_CASE("a malformed document is an error, as everywhere") {
  CHECK_THROWS_AS(masked("{"), Error);
}

TEST_CASE("an attempt is masked in labels, configuration, plan and unknown members; what identifies it stays") {
  const auto attempt = Attempt::parse(R"({"schema":"jobmedic.attempt/1","job":"j","run":"r","engine":"spark",
      "labels":{"user":"ana","api_key":"7f3c9a10b2","note":"pw is password=hunter2"},
      "config":{"spark.executor.memory":"2g","spark.hadoop.fs.s3a.secret.key":"wJalrXUtnFEMI"},
      "plan":"Scan JDBCRelation(t) [url=jdbc:x://u:hunter2@h/db]","metrics":{"tokens":512},
      "message":"login failed: --password hunter2","outcome":{"succeeded":false,"exit_code":1,"log":"token=abcd1234efgh"}})");
  const Attempt safe = SecretMask().mask(attempt);
  CHECK(safe.job == "j");
  CHECK(safe.labels.at("user") == "ana");
  CHECK(safe.labels.at("api_key") == "****");
  CHECK(safe.labels.at("note") == "pw is password=****");
  CHECK(safe.config == R"({"spark.executor.memory":"2g","spark.hadoop.fs.s3a.secret.key":"****"})");
  CHECK(safe.plan == "Scan JDBCRelation(t) [url=jdbc:x://u:****@h/db]");
  CHECK(safe.metrics == attempt.metrics);
  const std::string document = safe.to_json();
  CHECK(document.find("hunter2") == std::string::npos);
  CHECK(document.find("abcd1234efgh") == std::string::npos);
  CHECK(SecretMask().mask(safe).to_json() == document);
  CHECK(SecretMask::none().mask(attempt).to_json() == attempt.to_json());
}
