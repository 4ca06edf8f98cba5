#include "study/step_format.hpp"

#include <algorithm>
#include <cctype>

namespace traingrid {
namespace {

std::optional<Precision> precision_of(const std::string& text) {
  if (text.find("fp8-mx") != std::string::npos) return Precision::mxfp8;
  if (text.find("int8") != std::string::npos) return Precision::fp8;
  for (const Precision precision : {Precision::nvfp4, Precision::mxfp8, Precision::fp4, Precision::fp8, Precision::bf16,
                                    Precision::fp16, Precision::tf32, Precision::fp32}) {
    if (text.find(spelling(precision)) != std::string::npos) return precision;
  }
  return std::nullopt;
}

}  // namespace

std::optional<StepFormat> step_format(const std::string& words, const Accelerator& accelerator, Fp8Recipe usual) {
  const std::string text = lower_case(words);
  const auto precision = precision_of(text);
  if (!precision) return std::nullopt;
  const bool scaled_apart = *precision == Precision::mxfp8 && !accelerator.supports(*precision);
  if (*precision != Precision::fp8 && !scaled_apart) return StepFormat{*precision};
  if (scaled_apart || text.find("block") != std::string::npos) return StepFormat{Precision::fp8, Fp8Recipe::block};
  return StepFormat{Precision::fp8, text.find("-cs") != std::string::npos ? Fp8Recipe::current : usual};
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace traingrid
