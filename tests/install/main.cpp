#include <cstdio>
#include <jobmedic/jobmedic.hpp>

int main() {
  const jobmedic::Classifier classifier(jobmedic::RuleSet::shipped());
  const jobmedic::Log log{"driver.stderr",
                          "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n"};
  const auto verdict = classifier.classify({&log, 1});
  const auto config = jobmedic::apply_patch(R"({"spark.driver.memory":"1g"})",
                                            R"([{"op":"add","path":"/spark.driver.memory","value":"2g"}])");
  std::printf("%s %s %s\n", jobmedic::version().data(), verdict.category.c_str(), config.c_str());
  return verdict.category == "memory_config" && config == R"({"spark.driver.memory":"2g"})" ? 0 : 1;
}
