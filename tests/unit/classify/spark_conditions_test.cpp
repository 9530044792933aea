// Every error condition that Spark 4.3 knows, printed as Spark prints it when a driver dies of it.
#include <catch2/catch.hpp>
#include <map>

#include "classify_helpers.hpp"
#include "test_data.hpp"

using namespace jobmedic;

namespace {

struct Condition {
  std::string name;  // NAME or NAME.SUBCLASS
  std::string state;
  std::string message;
};

std::string joined(const json::Reader& lines) {
  std::string text;
  for (const std::string& line : lines.strings()) text += (text.empty() ? "" : "\n") + line;
  return text;
}

// "<param>" as a value.
std::string filled(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '<' ? text.find('>', at) : std::string::npos;
    if (end != std::string::npos && text.find_first_of(" \n=", at) > end) {
      out += "x1";
      at = end + 1;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::vector<Condition> conditions() {
  std::vector<Condition> all;
  const json::Value document = json::parse(read_file(test_data("spark-error-conditions") / "error-conditions.json"));
  for (const auto& [name, condition] : json::Reader(document).members()) {
    const std::string state = condition.string_or("sqlState", "");
    const std::string message = filled(joined(condition.at("message")));
    const auto subclasses = condition.find("subClass");
    if (!subclasses) all.push_back({name, state, message});
    if (!subclasses) continue;
    for (const auto& [subclass, detail] : subclasses->members()) {
      all.push_back({name + "." + subclass, state, message + " " + filled(joined(detail.at("message")))});
    }
  }
  return all;
}

class Expectations {
 public:
  Expectations() {
    for (const auto& [state, category] : json::Reader(document_).at("classes").members()) {
      classes_[state] = category.string();
    }
    for (const auto& [category, names] : json::Reader(document_).at("exceptions").members()) {
      for (const std::string& name : names.strings()) exceptions_[name] = category;
    }
  }
  [[nodiscard]] std::string category(const Condition& condition) const {
    for (const std::string& name : {condition.name, condition.name.substr(0, condition.name.find('.'))}) {
      if (const auto found = exceptions_.find(name); found != exceptions_.end()) return found->second;
    }
    const auto found = classes_.find(condition.state.substr(0, 2));
    return found == classes_.end() ? "user_code" : found->second;
  }

 private:
  json::Value document_ = classify_data("spark_conditions.json");
  std::map<std::string, std::string> classes_;
  std::map<std::string, std::string> exceptions_;
};

// Legacy conditions are printed without their name; their number tells which part of Spark throws them.
std::string printed(const Condition& condition, bool with_state) {
  std::string text =
      "26/11/22 02:41:39 INFO SparkContext: Starting job\nException in thread \"main\" org.apache.spark.";
  if (condition.name.starts_with("_LEGACY")) {
    text += condition.name.find("_TEMP_0") != std::string::npos   ? "sql.catalyst.parser.ParseException: "
            : condition.name.find("_TEMP_1") != std::string::npos ? "sql.AnalysisException: "
                                                                  : "SparkException: ";
  } else {
    text += "SparkException: [" + condition.name + "] ";
  }
  text += condition.message;
  if (with_state && !condition.state.empty()) text += " SQLSTATE: " + condition.state;
  return text + "\n\tat org.apache.spark.sql.Dataset.head(Dataset.scala:2805)\n";
}

std::string captured(const Classification& verdict) {
  const auto name_in = [](const Evidence& evidence) -> std::string {
    const auto condition = evidence.captures.find("condition");
    const auto subclass = evidence.captures.find("subclass");
    if (condition == evidence.captures.end()) return "";
    return condition->second + (subclass == evidence.captures.end() ? "" : "." + subclass->second);
  };
  std::string name = verdict.evidence ? name_in(*verdict.evidence) : "";
  for (const RuleMatch& other : verdict.other_matches) {
    if (name.empty()) name = name_in(other.evidence);
  }
  return name;
}

}  // namespace

TEST_CASE("every error condition of Spark gets the category of its SQLSTATE, or that of its exception, with its name") {
  REQUIRE_TEST_DATA("spark-error-conditions");
  const Classifier classifier = uncached(RuleSet::shipped());
  const Expectations expectations;
  const std::vector<Condition> all = conditions();
  CHECK(all.size() > 1'900);
  for (const Condition& condition : all) {
    for (const bool with_state : {false, true}) {  // Spark 3, Spark 4
      const std::string text = printed(condition, with_state);
      const std::vector<Log> logs{{"driver.stderr", text}};
      const Classification verdict = classifier.classify(logs);
      CAPTURE(text, verdict.rule);
      CHECK(verdict.classified);
      if (condition.name.starts_with("_LEGACY")) continue;
      CHECK(verdict.category == expectations.category(condition));
      CHECK(captured(verdict) == condition.name);
    }
  }
}

TEST_CASE("a condition that this Spark does not know is judged by the SQLSTATE it prints") {
  const Classifier classifier = uncached(RuleSet::shipped());
  const std::vector<std::pair<std::string, std::string>> cases{
      {"22P99", "data"},           {"42ABC", "user_code"},     {"08006", "transient_infra"}, {"28000", "permission"},
      {"53100", "resource_limit"}, {"82001", "memory_config"}, {"57014", "cancelled"}};
  for (const auto& [state, category] : cases) {
    const std::string text =
        "pyspark.errors.exceptions.captured.SparkRuntimeException: [NEVER_SEEN_BEFORE.AT_ALL] Alas,\n" +
        std::string("in two lines. SQLSTATE: ") + state + "\n";
    const std::vector<Log> logs{{"driver.stdout", text}};
    const Classification verdict = classifier.classify(logs);
    CAPTURE(state, verdict.rule);
    CHECK(verdict.category == category);
    CHECK(captured(verdict) == "NEVER_SEEN_BEFORE.AT_ALL");
  }
}

TEST_CASE("a condition of a task that Spark tried again is no verdict") {
  const Classifier classifier = uncached(RuleSet::shipped());
  const std::string text =
      "26/11/22 02:41:31 INFO SparkContext: Running Spark version 4.0.1\n"
      "26/11/22 02:41:39 WARN TaskSetManager: Lost task 0.0 in stage 4.0 (TID 6) (host-7 executor 2): "
      "org.apache.spark.SparkArithmeticException: [DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012\n"
      "\tat org.apache.spark.sql.errors.QueryExecutionErrors$.divideByZeroError(QueryExecutionErrors.scala:196)\n"
      "26/11/22 02:41:40 INFO TaskSetManager: Finished task 0.1 in stage 4.0 (TID 7)\n";
  for (const char* name : {"driver.stderr", "container-1.log", ""}) {
    const std::vector<Log> logs{{name, text}};
    CHECK_FALSE(classifier.classify(logs).classified);
  }
}
