#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "recommend/model/network.h"

/// libjobmedic_torch.so in this process: loaded at most once, never unloaded.
namespace jobmedic::model {

/// The module's functions; null where it is not loaded, or in a child forked since (libtorch's threads are gone there).
const jobmedic_torch_api* torch_module() noexcept;
/// Was it loaded by a process that this one was forked from?
bool torch_was_forked() noexcept;

/// Loads it, unless it is there already. Returns why not, or an empty text.
std::string load_torch_module(const std::filesystem::path& path);

using EpochProgress = std::function<void(std::uint32_t epoch, float loss)>;

/// From the weights given to those trained, in place. `progress`, which may be empty, is told after each epoch (not by
/// the members of `training`); what it throws ends the training and is thrown from here. Throws Error (model).
void train_by(const jobmedic_torch_api& torch, const jobmedic_torch_shape& shape, const jobmedic_torch_batch& batch,
              const jobmedic_torch_labels& labels, jobmedic_torch_training training, const EpochProgress& progress,
              std::vector<float>& weights);

}  // namespace jobmedic::model
