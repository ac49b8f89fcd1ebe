import Foundation

/// The parameters of a model that a search may set, with their ranges.
public struct SearchSpace: Hashable, Sendable {
    public struct Parameter: Hashable, Sendable {
        public let name: String
        public let range: ClosedRange<Double>
        /// Whether equal ratios, not equal differences, are equally likely; the range lies above zero then.
        public let isLogarithmic: Bool
        /// What the model ships with.
        public let shipped: Double

        public init(_ name: String, _ range: ClosedRange<Double>, isLogarithmic: Bool = false, shipped: Double) {
            precondition(!isLogarithmic || range.lowerBound > 0, "a logarithmic range lies above zero")
            (self.name, self.range, self.isLogarithmic, self.shipped) = (name, range, isLogarithmic, shipped)
        }

        /// The value at a place of the unit interval.
        func value(at unit: Double) -> Double {
            let place = min(1, max(0, unit))
            guard isLogarithmic else { return range.lowerBound + place * (range.upperBound - range.lowerBound) }
            return range.lowerBound * pow(range.upperBound / range.lowerBound, place)
        }

        /// The place of a value in the unit interval.
        func unit(of value: Double) -> Double {
            let width = range.upperBound - range.lowerBound
            guard width > 0 else { return 0 }
            let inside = min(range.upperBound, max(range.lowerBound, value))
            guard isLogarithmic else { return (inside - range.lowerBound) / width }
            return log(inside / range.lowerBound) / log(range.upperBound / range.lowerBound)
        }
    }

    public let parameters: [Parameter]

    public init(_ parameters: [Parameter]) { self.parameters = parameters }

    func values(at units: [Double]) -> [Double] { zip(parameters, units).map { $0.value(at: $1) } }
    func units(of values: [Double]) -> [Double] { zip(parameters, values).map { $0.unit(of: $1) } }
    var shipped: [Double] { parameters.map(\.shipped) }
}
