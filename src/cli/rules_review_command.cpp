#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/page.hpp"
#include "cli/rules_learn_commands.hpp"
#include "cli/rules_override.hpp"
#include "jobmedic/review.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::vector<std::string> rules;
  std::string accept;
};

json::Value value_of(const RuleReview& review) {
  json::Array examples;
  for (const AttemptName& name : review.examples) {
    examples.push_back(json::object({{"job", name.job}, {"run", name.run}, {"attempt", name.attempt}}));
  }
  return json::object({{"rule", review.rule},
                       {"restartable", review.restartable},
                       {"contradicted", review.contradicted},
                       {"retries", review.retries},
                       {"succeeded", review.succeeded},
                       {"cost_usd", review.cost_usd},
                       {"gave_up", review.gave_up},
                       {"examples", std::move(examples)}});
}

std::string document_of(const std::vector<RuleReview>& reviews) {
  json::Array array;
  for (const RuleReview& review : reviews) array.push_back(value_of(review));
  return json::write(json::object({{"schema", "jobmedic.review/1"}, {"rules", std::move(array)}}));
}

void add_review(Page& page, const RuleReview& review) {
  page.end_line().line(review.rule, Tone::strong);
  if (review.contradicted) {
    page.field("says", review.restartable ? "restartable" : "not restartable");
    page.field("history",
               fmt::format("{} of {} unchanged retries {} ({})",
                           review.restartable ? review.retries - review.succeeded : review.succeeded, review.retries,
                           review.restartable ? "failed again" : "succeeded", dollars(review.cost_usd)));
    std::vector<std::string> names;
    for (const AttemptName& name : review.examples) names.push_back(fmt::format("{} {}", name.job, name.run));
    page.field("such as", few(names));
    page.field("to correct", fmt::format("jobmedic rules correct {} --restartable {} --rules my-rules.json",
                                         review.rule, review.restartable ? "false" : "true"));
  }
  if (review.gave_up > 0) {
    page.field("gave up", fmt::format("in {} attempt{}: its regex backtracks too much and said nothing there",
                                      review.gave_up, review.gave_up == 1 ? "" : "s"));
  }
}

std::string page_of(const std::vector<RuleReview>& reviews) {
  Page page;
  if (reviews.empty()) return page.line("no verdict that history contradicts, no regex that gave up").str();
  const auto contradicted =
      std::count_if(reviews.begin(), reviews.end(), [](const RuleReview& it) { return it.contradicted; });
  page.line(fmt::format("{} rule{} that history contradicts", contradicted, contradicted == 1 ? "" : "s"),
            Tone::strong);
  for (const RuleReview& review : reviews) add_review(page, review);
  return page.str();
}

void accept(const Options& options, const std::vector<RuleReview>& reviews, const Session& session) {
  if (options.rules.size() != 1) {
    throw Error(Status::invalid_argument, "--accept writes into your rule file: give it, alone, as --rules FILE");
  }
  const auto found = std::find_if(reviews.begin(), reviews.end(), [&](const RuleReview& review) {
    return review.contradicted && review.rule == options.accept;
  });
  if (found == reviews.end()) {
    throw Error(Status::invalid_argument, fmt::format("history does not contradict rule \"{}\"", options.accept));
  }
  const std::string evidence = json::write(json::object(
      {{"was", found->restartable}, {"unchanged_retries", found->retries}, {"succeeded", found->succeeded}}));
  const Override done = override_restartable(found->rule, !found->restartable, options.rules.front(), evidence);
  session.answer(done.document, [&] { return done.words; });
}

void review(const Options& options, const Session& session) {
  std::vector<std::string> present;
  for (const std::string& path : options.rules) {
    std::error_code ignored;  // with --accept the file may not be there yet
    if (options.accept.empty() || std::filesystem::exists(path, ignored)) present.push_back(path);
  }
  const auto reviews = review_rules(*existing_store(options.store, true), read_rules(present));
  if (!options.accept.empty()) return accept(options, reviews, session);
  session.answer(document_of(reviews), [&] { return page_of(reviews); });
}

}  // namespace

void add_rules_review(CLI::App& group, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      group, "review", "Verdicts that history contradicts, and rules whose regex gave up: candidates for correction.",
      "jobmedic rules review --store sqlite:jobmedic.db --rules my-rules.json");
  add_store(command, options->store);
  add_rules(command, options->rules);
  command->add_option("--accept", options->accept, "correct this rule in --rules, with what history showed")
      ->type_name("RULE");
  session.on(command, [options, &session] { review(*options, session); });
}

}  // namespace jobmedic::cli
