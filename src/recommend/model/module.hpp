#pragma once
#include <filesystem>
#include <string>

#include "recommend/model/network.h"

/// libjobmedic_torch.so in this process: loaded at most once, never unloaded.
namespace jobmedic::model {

/// The module's functions; null where it is not loaded, or in a child forked since (libtorch's threads are gone there).
const jobmedic_torch_api* torch_module() noexcept;
/// Was it loaded by a process that this one was forked from?
bool torch_was_forked() noexcept;

/// Loads it, unless it is there already. Returns why not, or an empty text.
std::string load_torch_module(const std::filesystem::path& path);

}  // namespace jobmedic::model
