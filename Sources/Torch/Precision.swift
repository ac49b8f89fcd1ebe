internal import Foundation

/// How exactly layers multiply in training; sums, normalisation, losses and weights are in single precision in any case.
public enum Precision: String, Sendable, Hashable, CaseIterable {
    case single
    /// Convolutions take and give 16-bit numbers with the exponents of single precision (bfloat16; Kalamkar et al., 2019), which
    /// need no scaling of the loss. Processors that multiply them themselves are about 1.6 times as fast.
    case mixed

    /// `mixed` where the processor multiplies 16-bit numbers itself; elsewhere they would be slower than single ones.
    public static var fastest: Precision {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),  // Without it nothing is known.
            let flags = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
        else { return .single }
        return flags.split(separator: " ").contains { $0 == "avx512_bf16" || $0 == "amx_bf16" } ? .mixed : .single
    }
}
