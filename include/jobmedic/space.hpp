#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What may be changed and within which bounds: the document jobmedic.space/1.
/// One file per engine (src/recommend/engines) serves recommend(); any space serves the optimizer.
namespace jobmedic {

enum class ParameterType { integer, real, categorical };

struct Parameter {
  std::string name;  ///< the configuration key, e.g. "spark.executor.memory"
  ParameterType type = ParameterType::real;
  double min = 0;  ///< integer, real: inclusive, in `unit`
  double max = 1;
  bool log_scale = false;           ///< searched in the logarithm; min > 0
  double step = 0;                  ///< integer, real: values are min + k * step; 0: 1 for integers, none for reals
  std::string unit;                 ///< "", "MiB", "s", "millicores" (thousandths of a CPU: "500m", read "0.5", too)
  std::vector<std::string> values;  ///< categorical
  /// MiB only: "", as Spark writes sizes ("2048m", where m is MiB), or "quantity", as Kubernetes does ("2048Mi", "2G",
  /// bytes without suffix).
  std::string notation{};
  /// MiB only: what a number without suffix means on reading: "" for MiB, "B" (spark.driver.maxResultSize).
  std::string bare_unit;
  std::string absent;  ///< what the engine uses where the key is absent, as the engine writes it; may be empty
};

/// An amount of memory, by its unit or its name's suffix ("_mib", "_bytes").
bool is_memory(const Parameter& parameter);
/// How many bytes one unit of an amount of memory is.
double bytes_per_unit(const Parameter& parameter);

/// sum of coefficient * parameter <= limit, over numeric parameters in their own units.
/// "factor" terms multiply two parameters (heap * overhead factor): `times` names the second, empty for none.
struct Constraint {
  struct Term {
    double coefficient = 1;
    std::string parameter;
    std::string times;
  };
  std::string name;
  std::vector<Term> terms;
  double limit = 0;
};

/// One point: a number per numeric parameter (already on its step), the index into `values` for a categorical one.
using Point = std::vector<double>;

struct Space {
  std::vector<Parameter> parameters;
  std::vector<Constraint> constraints;

  /// {"name": ..., "type": ..., ...} per parameter as in design.md; per constraint {"name": "container fits the node",
  /// "sum": [{"coefficient": 1, "parameter": "a"}, {"coefficient": 1, "parameter": "a", "times": "b"}], "limit":
  /// 65536}. Throws Error: parse, schema (pointer): min > max, an unknown name in a constraint, no feasible corner, ...
  static Space parse(std::string_view json);
  /// The file src/recommend/engines/NAME.json inside the library. Throws Error (invalid_argument), naming those there
  /// are.
  static Space shipped(std::string_view engine);

  /// The checks of parse() for a space built or narrowed in code. Throws Error (schema).
  void check() const;
  /// The permitted value of the parameter nearest to `value`; constraints are not looked at.
  [[nodiscard]] double snap(std::size_t parameter, double value) const;
  /// How many values the parameter has; 0: a continuum.
  [[nodiscard]] double levels(std::size_t parameter) const;
  /// How far apart they are; 0: a continuum.
  [[nodiscard]] double spacing(std::size_t parameter) const;
  /// The one with that index, counted from 0 below levels().
  [[nodiscard]] double level(std::size_t parameter, double index) const;
  /// How many points there are before constraints; infinite for a continuum.
  [[nodiscard]] double cardinality() const;
  /// Point `number` of a finite space, counted from 0 below cardinality().
  [[nodiscard]] Point numbered(std::uint64_t number) const;

  [[nodiscard]] bool feasible(const Point& point) const;  ///< bounds, steps and constraints
  /// {"spark.executor.memory": 2048, ...} as jobmedic optimize prints it: numbers bare, categories as strings.
  [[nodiscard]] std::string to_json(const Point& point) const;
  /// One value as the engine takes it: "2048m", "4", "0.6", "zstd".
  [[nodiscard]] std::string format(std::size_t parameter, double value) const;
  /// The reverse; units as the engine writes them. Throws Error (invalid_argument) on what is no such value.
  [[nodiscard]] double parse_value(std::size_t parameter, std::string_view text) const;
};

}  // namespace jobmedic
