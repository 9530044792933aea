/* The door to libtorch: what libjobmedic_torch.so exports. Plain C, so that no torch type and no exception crosses.
 *
 * The network ("free" weights may have any sign; the others count by their absolute value, so that P(fail) never rises
 * with a monotone input, whatever the weights are):
 *   trunk  = relu(trunk.weight [context, sum of token embeddings] + trunk.bias)         once per failed attempt
 *   free   = [trunk, candidate, sum of choice embeddings]                               per candidate
 *   hidden = tanh(fail.weight free + |fail.monotone| monotone + fail.bias)
 *   logit P(fail) = fail.free free - |fail.slope| monotone - |fail.output| hidden + fail.constant
 *   log cost = cost.output relu(cost.weight [free, monotone] + cost.bias) + cost.linear [free, monotone] +
 * cost.constant Weights are one array of floats, tensors in the order of architecture.cpp.
 *
 * Arrays are row-major and borrowed for the call. Functions return 0, or another number and a message in `error`. */
#ifndef JOBMEDIC_RECOMMEND_MODEL_NETWORK_H
#define JOBMEDIC_RECOMMEND_MODEL_NETWORK_H
/* NOLINTBEGIN(modernize-*): this is C, for C++ as well */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JOBMEDIC_TORCH_ABI 2u /* changes whenever anything in this file does */

typedef struct jobmedic_torch_error {
  char message[512]; /* one line, ends with NUL */
} jobmedic_torch_error;

typedef struct jobmedic_torch_shape {
  uint32_t context;   /* numbers per failed attempt */
  uint32_t candidate; /* numbers per candidate, any effect */
  uint32_t monotone;  /* numbers per candidate; more never raises P(fail) */
  uint32_t buckets;   /* rows of the embedding table */
  uint32_t embedding; /* and its columns */
  uint32_t trunk;     /* hidden units shared by both heads */
  uint32_t hidden;    /* hidden units of each head */
} jobmedic_torch_shape;

/* Failed attempts, and rows that each judge one candidate for one of them. Tokens of attempt i are those from
 * token_begin[i] up to token_begin[i + 1]; choices of a row likewise. */
typedef struct jobmedic_torch_batch {
  uint64_t attempts;
  const float* context;        /* attempts x shape.context */
  const uint64_t* token_begin; /* attempts + 1 */
  const uint32_t* tokens;      /* each below shape.buckets */
  const float* token_weights;
  uint64_t rows;
  const uint32_t* attempt; /* per row: which failed attempt */
  const float* candidate;  /* rows x shape.candidate */
  const float* monotone;   /* rows x shape.monotone */
  const uint64_t* choice_begin;
  const uint32_t* choices;
} jobmedic_torch_batch;

typedef struct jobmedic_torch_labels {
  const float* failed;   /* per row: 0 or 1 */
  const float* log_cost; /* per row; NaN: unknown */
  const float* weight;   /* per row, >= 0 */
  const uint8_t* learn;  /* per row: 0 to leave it out */
} jobmedic_torch_labels;

typedef struct jobmedic_torch_training {
  uint64_t seed;
  uint32_t epochs;
  uint32_t batch_rows;
  float learning_rate;
  float weight_decay;
  float cost_weight;   /* of the cost loss, against the failure loss */
  float dropout;       /* of context numbers */
  float token_dropout; /* of tokens: jobs not seen in training have unknown ones */
  /* Called after each epoch; another number than 0 stops the training with an error. */
  int32_t (*progress)(void* user, uint32_t epoch, float loss);
  void* user;
} jobmedic_torch_training;

typedef struct jobmedic_torch_api {
  char description[256]; /* "libtorch 1.13.1, OpenBLAS" */
  /* A network from `count` weights; free(NULL) is fine. Any number of threads may call forward on one network. */
  int32_t (*create)(const jobmedic_torch_shape* shape, const float* weights, uint64_t count, void** network,
                    jobmedic_torch_error* error);
  void (*free)(void* network);
  /* logit: of P(fail); both arrays have `rows` places. */
  int32_t (*forward)(const void* network, const jobmedic_torch_batch* batch, float* logit, float* log_cost,
                     jobmedic_torch_error* error);
  /* From the weights given to those trained, in place. */
  int32_t (*train)(const jobmedic_torch_shape* shape, const jobmedic_torch_batch* batch,
                   const jobmedic_torch_labels* labels, const jobmedic_torch_training* training, float* weights,
                   uint64_t count, jobmedic_torch_error* error);
} jobmedic_torch_api;

/* What a module was built with. The sizes tell a struct that was changed although the number was not. */
typedef struct jobmedic_torch_interface {
  uint32_t abi;
  uint32_t error, shape, batch, labels, training, api;
} jobmedic_torch_interface;

#define JOBMEDIC_TORCH_INTERFACE                                                                                  \
  {                                                                                                               \
    JOBMEDIC_TORCH_ABI, sizeof(jobmedic_torch_error), sizeof(jobmedic_torch_shape), sizeof(jobmedic_torch_batch), \
        sizeof(jobmedic_torch_labels), sizeof(jobmedic_torch_training), sizeof(jobmedic_torch_api)                \
  }

/* The only symbols: a JOBMEDIC_TORCH_INTERFACE, compared before anything is called, and a function that fills `api`. */
#define JOBMEDIC_TORCH_BUILT_WITH "jobmedic_torch_built_with"
#define JOBMEDIC_TORCH_FILL_API "jobmedic_torch_fill_api"
typedef int32_t (*jobmedic_torch_fill_api_function)(jobmedic_torch_api* api, jobmedic_torch_error* error);

#ifdef __cplusplus
}
#endif
/* NOLINTEND(modernize-*) */
#endif
