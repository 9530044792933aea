// The only file that sees torch: libjobmedic_torch.so. What the network computes is told in network.h.
#include "recommend/model/network.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <dlfcn.h>
#include <torch/csrc/autograd/function.h>
#include <torch/optim/adamw.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "recommend/model/architecture.hpp"

namespace {

using jobmedic::Random;
using jobmedic::model::Shape;
using namespace jobmedic::model;  // TensorIndex

at::Tensor borrow(const float* data, at::IntArrayRef sizes) {
  return at::from_blob(const_cast<float*>(data), sizes, at::kFloat);
}

// The weights as tensors, in the order of TensorIndex.
std::vector<at::Tensor> split(const Shape& shape, const float* weights) {
  std::vector<at::Tensor> parts;
  for (const auto& tensor : jobmedic::model::tensors(shape)) {
    const std::vector<std::int64_t> sizes(tensor.dimensions.begin(), tensor.dimensions.end());
    parts.push_back(borrow(weights + tensor.offset, sizes).clone());
  }
  return parts;
}

void join(const Shape& shape, const std::vector<at::Tensor>& parts, float* weights) {
  const auto places = jobmedic::model::tensors(shape);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const at::Tensor values = parts[i].detach().contiguous();
    std::memcpy(weights + places[i].offset, values.data_ptr<float>(), places[i].size() * sizeof(float));
  }
}

// Some rows of a batch, gathered into tensors.
struct Rows {
  at::Tensor context, candidate, monotone, tokens, token_begin, token_weights, choices, choice_begin;
};

struct Dropout {
  float numbers = 0;
  float tokens = 0;
};

class Gatherer {
 public:
  Gatherer(const Shape& shape, const jobmedic_torch_batch& batch) : shape_(shape), batch_(batch) {}

  Rows operator()(const std::uint64_t* rows, std::size_t count, const Dropout& dropout, Random& random) const {
    const auto n = static_cast<std::int64_t>(count);
    Rows out;
    out.context = at::empty({n, shape_.context}, at::kFloat);
    out.candidate = at::empty({n, shape_.candidate}, at::kFloat);
    out.monotone = at::empty({n, shape_.monotone}, at::kFloat);
    std::vector<std::int64_t> tokens, token_begin, choices, choice_begin;
    std::vector<float> token_weights;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t row = rows[i];
      const std::uint64_t attempt = batch_.attempt[row];
      copy(batch_.context, attempt, shape_.context, out.context, i);
      copy(batch_.candidate, row, shape_.candidate, out.candidate, i);
      copy(batch_.monotone, row, shape_.monotone, out.monotone, i);
      drop(dropout.numbers, random, out.context.data_ptr<float>() + i * shape_.context);
      token_begin.push_back(static_cast<std::int64_t>(tokens.size()));
      for (std::uint64_t t = batch_.token_begin[attempt]; t < batch_.token_begin[attempt + 1]; ++t) {
        if (dropout.tokens > 0 && random.uniform() < dropout.tokens) continue;
        tokens.push_back(batch_.tokens[t]);
        token_weights.push_back(batch_.token_weights[t] / (1 - dropout.tokens));
      }
      choice_begin.push_back(static_cast<std::int64_t>(choices.size()));
      for (std::uint64_t c = batch_.choice_begin[row]; c < batch_.choice_begin[row + 1]; ++c) {
        choices.push_back(batch_.choices[c]);
      }
    }
    out.tokens = at::tensor(tokens, at::kLong);
    out.token_begin = at::tensor(token_begin, at::kLong);
    out.token_weights = at::tensor(token_weights, at::kFloat);
    out.choices = at::tensor(choices, at::kLong);
    out.choice_begin = at::tensor(choice_begin, at::kLong);
    return out;
  }

 private:
  static void copy(const float* from, std::uint64_t row, std::size_t width, at::Tensor& to, std::size_t i) {
    if (width > 0) std::memcpy(to.data_ptr<float>() + i * width, from + row * width, width * sizeof(float));
  }
  void drop(float share, Random& random, float* numbers) const {
    for (std::size_t i = 0; share > 0 && i < shape_.context; ++i) {
      numbers[i] = random.uniform() < share ? 0 : numbers[i] / (1 - share);
    }
  }

  const Shape& shape_;
  const jobmedic_torch_batch& batch_;
};

struct Heads {
  at::Tensor logit, log_cost;
};

at::Tensor embed(const at::Tensor& table, const at::Tensor& items, const at::Tensor& begin, const at::Tensor& weights) {
  constexpr std::int64_t sum = 0;
  return std::get<0>(at::embedding_bag(table, items, begin, false, sum, false, weights));
}

Heads forward(const std::vector<at::Tensor>& w, const Rows& rows) {
  const at::Tensor words = embed(w[embedding], rows.tokens, rows.token_begin, rows.token_weights);
  const at::Tensor trunk = at::relu(at::linear(at::cat({rows.context, words}, 1), w[trunk_weight], w[trunk_bias]));
  const at::Tensor chosen =
      embed(w[embedding], rows.choices, rows.choice_begin, at::ones({rows.choices.size(0)}, at::kFloat));
  const at::Tensor free = at::cat({trunk, rows.candidate, chosen}, 1);
  const at::Tensor all = at::cat({free, rows.monotone}, 1);
  const at::Tensor hidden =
      at::tanh(at::linear(free, w[fail_weight], w[fail_bias]) + at::linear(rows.monotone, w[fail_monotone].abs()));
  const at::Tensor cost_hidden = at::relu(at::linear(all, w[cost_weight], w[cost_bias]));
  Heads heads;
  heads.logit = at::mv(free, w[fail_free]) - at::mv(rows.monotone, w[fail_slope].abs()) -
                at::mv(hidden, w[fail_output].abs()) + w[fail_constant];
  heads.log_cost = at::mv(cost_hidden, w[cost_output]) + at::mv(all, w[cost_linear]) + w[cost_constant];
  return heads;
}

// Weighted cross-entropy, plus Huber on the log cost where it is known.
at::Tensor loss_of(const Heads& heads, const jobmedic_torch_labels& labels, const std::uint64_t* rows,
                   std::size_t count, float cost_weight) {
  const auto n = static_cast<std::int64_t>(count);
  at::Tensor failed = at::empty({n}, at::kFloat), cost = at::zeros({n}, at::kFloat);
  at::Tensor weight = at::empty({n}, at::kFloat), known = at::zeros({n}, at::kFloat);
  for (std::size_t i = 0; i < count; ++i) {
    failed.data_ptr<float>()[i] = labels.failed[rows[i]];
    weight.data_ptr<float>()[i] = labels.weight[rows[i]];
    if (std::isnan(labels.log_cost[rows[i]])) continue;
    cost.data_ptr<float>()[i] = labels.log_cost[rows[i]];
    known.data_ptr<float>()[i] = 1;
  }
  // -log of the probability given to what happened, in a form that does not overflow
  const at::Tensor entropy = at::softplus(heads.logit) - heads.logit * failed;
  const at::Tensor difference = (heads.log_cost - cost).abs();
  constexpr float knee = 0.5F;
  const at::Tensor huber = at::where(difference < knee, 0.5F * difference * difference / knee, difference - knee / 2);
  return ((entropy + cost_weight * huber * known) * weight).sum() / weight.sum().clamp_min(1e-9);
}

class Training {
 public:
  Training(const Shape& shape, const jobmedic_torch_batch& batch, const jobmedic_torch_labels& labels,
           const jobmedic_torch_training& options, const float* weights)
      : labels_(labels),
        options_(options),
        gather_(shape, batch),
        random_(options.seed),
        weights_(split(shape, weights)) {
    for (std::uint64_t row = 0; row < batch.rows; ++row) {
      if (labels.learn[row] != 0) learned_.push_back(row);
    }
    if (learned_.empty()) throw std::runtime_error("no example to learn from");
    for (at::Tensor& tensor : weights_) tensor.set_requires_grad(true);
  }

  std::vector<at::Tensor> run() {
    torch::optim::AdamW optimizer(
        weights_, torch::optim::AdamWOptions(options_.learning_rate).weight_decay(options_.weight_decay));
    for (std::uint32_t epoch = 1; epoch <= options_.epochs; ++epoch) {
      const float rate = options_.learning_rate * falling(epoch);
      static_cast<torch::optim::AdamWOptions&>(optimizer.param_groups()[0].options()).lr(rate);
      const float loss = learn(optimizer);
      if (!std::isfinite(loss)) throw std::runtime_error("training diverged: the loss is not finite");
      if (options_.progress != nullptr && options_.progress(options_.user, epoch, loss) != 0) {
        throw std::runtime_error("training was stopped by its caller");
      }
    }
    return weights_;
  }

 private:
  // The learning rate falls along half a cosine, to a twentieth.
  [[nodiscard]] float falling(std::uint32_t epoch) const {
    const float done = static_cast<float>(epoch - 1) / static_cast<float>(options_.epochs);
    return 0.05F + 0.95F * 0.5F * (1 + std::cos(3.14159265F * done));
  }

  float learn(torch::optim::AdamW& optimizer) {
    random_.shuffle(learned_);
    double sum = 0;
    for (std::size_t begin = 0; begin < learned_.size(); begin += options_.batch_rows) {
      const std::size_t count = std::min<std::size_t>(options_.batch_rows, learned_.size() - begin);
      const std::uint64_t* rows = learned_.data() + begin;
      const Heads heads = forward(weights_, gather_(rows, count, {options_.dropout, options_.token_dropout}, random_));
      const at::Tensor loss = loss_of(heads, labels_, rows, count, options_.cost_weight);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      sum += loss.item<float>() * static_cast<double>(count);
    }
    return static_cast<float>(sum / static_cast<double>(learned_.size()));
  }

  const jobmedic_torch_labels& labels_;
  const jobmedic_torch_training& options_;
  Gatherer gather_;
  Random random_;
  std::vector<at::Tensor> weights_;
  std::vector<std::uint64_t> learned_;
};

struct Network {
  Shape shape;
  std::vector<at::Tensor> weights;
};

// Torch keeps its number of threads per calling thread.
void use_one_thread() {
  thread_local bool done = false;
  if (!done) at::set_num_threads(1);
  done = true;
}

// Runs `work`; what it throws becomes a message.
template <typename Work>
std::int32_t guarded(jobmedic_torch_error* error, const Work& work) noexcept {
  try {
    use_one_thread();
    work();
    return 0;
  } catch (const std::exception& problem) {
    std::snprintf(error->message, sizeof error->message, "%s", problem.what());
  } catch (...) {
    std::snprintf(error->message, sizeof error->message, "an unknown exception");
  }
  for (char* c = error->message; *c != '\0'; ++c) {
    if (*c == '\n') *c = '\0';  // torch appends a stack trace
    if (*c == '\0') break;
  }
  return 1;
}

void check(const Shape& shape, std::uint64_t count) {
  if (!jobmedic::model::is_sane(shape) || count != jobmedic::model::weight_count(shape)) {
    throw std::runtime_error("the weights do not fit the network's shape");
  }
}

std::int32_t create(const jobmedic_torch_shape* shape, const float* weights, std::uint64_t count, void** network,
                    jobmedic_torch_error* error) {
  return guarded(error, [&] {
    check(*shape, count);
    *network = std::make_unique<Network>(Network{*shape, split(*shape, weights)}).release();
  });
}

void free_network(void* network) {
  std::unique_ptr<Network>(static_cast<Network*>(network)).reset();
}

std::int32_t run_forward(const void* network, const jobmedic_torch_batch* batch, float* logit, float* log_cost,
                         jobmedic_torch_error* error) {
  return guarded(error, [&] {
    const at::NoGradGuard no_gradient;
    const auto& net = *static_cast<const Network*>(network);
    std::vector<std::uint64_t> rows(batch->rows);
    std::iota(rows.begin(), rows.end(), 0U);
    Random unused(0);
    const Heads heads = forward(net.weights, Gatherer(net.shape, *batch)(rows.data(), rows.size(), {}, unused));
    std::memcpy(logit, heads.logit.contiguous().data_ptr<float>(), rows.size() * sizeof(float));
    std::memcpy(log_cost, heads.log_cost.contiguous().data_ptr<float>(), rows.size() * sizeof(float));
  });
}

std::int32_t train(const jobmedic_torch_shape* shape, const jobmedic_torch_batch* batch,
                   const jobmedic_torch_labels* labels, const jobmedic_torch_training* training, float* weights,
                   std::uint64_t count, jobmedic_torch_error* error) {
  return guarded(error, [&] {
    check(*shape, count);
    Training work(*shape, *batch, *labels, *training, weights);
    join(*shape, work.run(), weights);
  });
}

// OpenBLAS is told to use one thread and to give up those it started when it was loaded, as it does before a fork.
const char* pin_blas() {
  const auto set_threads = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set_threads == nullptr) return "reference BLAS (slow: install OpenBLAS)";
  set_threads(1);
  if (const auto stop = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "blas_thread_shutdown_"))) stop();
  return "OpenBLAS";
}

}  // namespace

#define JOBMEDIC_EXPORT extern "C" __attribute__((visibility("default")))

JOBMEDIC_EXPORT const jobmedic_torch_interface jobmedic_torch_built_with;
const jobmedic_torch_interface jobmedic_torch_built_with = JOBMEDIC_TORCH_INTERFACE;

JOBMEDIC_EXPORT std::int32_t jobmedic_torch_fill_api(jobmedic_torch_api* api, jobmedic_torch_error* error) {
  return guarded(error, [&] {
    at::set_num_interop_threads(1);
    const char* blas = pin_blas();
    *api = {};
    std::snprintf(api->description, sizeof api->description, "libtorch %s, %s", JOBMEDIC_TORCH_VERSION, blas);
    api->create = create;
    api->free = free_network;
    api->forward = run_forward;
    api->train = train;
  });
}
