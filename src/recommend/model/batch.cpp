#include "recommend/model/batch.hpp"

namespace jobmedic::model {
namespace {
template <typename T>
void append(std::vector<T>& to, const std::vector<T>& items) {
  to.insert(to.end(), items.begin(), items.end());
}

template <typename T>
std::vector<T> part(const std::vector<T>& of, std::size_t begin, std::size_t end) {
  return {of.begin() + static_cast<std::ptrdiff_t>(begin), of.begin() + static_cast<std::ptrdiff_t>(end)};
}

// Row `i` of `rows` rows of equal width.
std::vector<float> row_of(const std::vector<float>& numbers, std::size_t i, std::size_t rows) {
  const std::size_t width = numbers.size() / rows;
  return part(numbers, i * width, (i + 1) * width);
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

Context Batch::context(std::size_t attempt) const {
  const std::size_t begin = token_begin_[attempt], end = token_begin_[attempt + 1];
  return {row_of(context_, attempt, attempts()), {part(tokens_, begin, end), part(token_weights_, begin, end)}};
}

void Batch::candidate(std::size_t row, Candidate& into) const {
  into.numbers = row_of(candidate_, row, rows());
  into.monotone = row_of(monotone_, row, rows());
  into.choices = part(choices_, choice_begin_[row], choice_begin_[row + 1]);
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
