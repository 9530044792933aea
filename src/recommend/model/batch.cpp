#include "recommend/model/batch.hpp"

namespace jobmedic::model {
namespace {
template <typename T>
void append(std::vector<T>& to, const std::vector<T>& items) {
  to.insert(to.end(), items.begin(), items.end());
}
}  // namespace

void Batch::add_attempt(const Context& context) {
  append(context_, context.numbers);
  append(tokens_, context.tokens.buckets);
  append(token_weights_, context.tokens.weights);
  token_begin_.push_back(tokens_.size());
}

void Batch::add_row(const Candidate& candidate) {
  attempt_.push_back(static_cast<std::uint32_t>(token_begin_.size() - 2));
  append(candidate_, candidate.numbers);
  append(monotone_, candidate.monotone);
  append(choices_, candidate.choices);
  choice_begin_.push_back(choices_.size());
}

jobmedic_torch_batch Batch::view() const {
  jobmedic_torch_batch batch = {};
  batch.attempts = token_begin_.size() - 1;
  batch.context = context_.data();
  batch.token_begin = token_begin_.data();
  batch.tokens = tokens_.data();
  batch.token_weights = token_weights_.data();
  batch.rows = attempt_.size();
  batch.attempt = attempt_.data();
  batch.candidate = candidate_.data();
  batch.monotone = monotone_.data();
  batch.choice_begin = choice_begin_.data();
  batch.choices = choices_.data();
  return batch;
}

}  // namespace jobmedic::model
