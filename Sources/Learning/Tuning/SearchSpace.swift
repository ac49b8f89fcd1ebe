import Foundation

/// The parameters of a model that a search may set, with their ranges.
public struct SearchSpace: Hashable, Sendable {
    public struct Parameter: Hashable, Sendable {
        /// What values there are between the ends of the range.
        enum Scale: Hashable, Sendable {
            case linear
            /// Equal ratios are equally likely; the range lies above zero.
            case logarithmic
            /// One of these names; a value is the place of one.
            case choice([String])
        }

        public let name: String
        public let range: ClosedRange<Double>
        let scale: Scale
        /// Whether values are whole numbers.
        let isWhole: Bool
        /// What the model ships with.
        public let shipped: Double

        public init(
            _ name: String, _ range: ClosedRange<Double>, isLogarithmic: Bool = false, isWhole: Bool = false,
            shipped: Double
        ) {
            precondition(!isLogarithmic || range.lowerBound > 0, "a logarithmic range lies above zero")
            (self.name, self.range, self.shipped) = (name, range, shipped)
            (scale, self.isWhole) = (isLogarithmic ? .logarithmic : .linear, isWhole)
        }

        /// - Parameter choices: At least one name; `shipped` is among them.
        public init(_ name: String, choices: [String], shipped: String) {
            guard let place = choices.firstIndex(of: shipped) else {
                preconditionFailure("what is shipped is among the choices")
            }
            (self.name, range, self.shipped) = (name, 0...Double(choices.count - 1), Double(place))
            (scale, isWhole) = (.choice(choices), true)
        }

        /// How many names there are to choose from; `nil` for numbers.
        var choiceCount: Int? { if case .choice(let names) = scale { names.count } else { nil } }

        /// The value at a place of the unit interval.
        func value(at unit: Double) -> Double {
            let place = min(1, max(0, unit))
            let value =
                switch scale {
                case .linear: range.lowerBound + place * (range.upperBound - range.lowerBound)
                case .logarithmic: range.lowerBound * pow(range.upperBound / range.lowerBound, place)
                case .choice(let names): min(range.upperBound, (place * Double(names.count)).rounded(.down))
                }
            return isWhole ? value.rounded() : value
        }

        /// The place of a value in the unit interval; a choice lies in the middle of its part.
        func unit(of value: Double) -> Double {
            let width = range.upperBound - range.lowerBound
            guard width > 0 else { return 0 }
            let inside = min(range.upperBound, max(range.lowerBound, value))
            return switch scale {
            case .linear: (inside - range.lowerBound) / width
            case .logarithmic: log(inside / range.lowerBound) / log(range.upperBound / range.lowerBound)
            case .choice(let names): (inside + 0.5) / Double(names.count)
            }
        }

        /// A value as reports write it.
        public func text(_ value: Double) -> String {
            switch scale {
            case .choice(let names): names[min(names.count - 1, max(0, Int(value)))]
            default: isWhole ? String(format: "%.0f", value) : String(format: "%.4g", value)
            }
        }
    }

    public let parameters: [Parameter]

    public init(_ parameters: [Parameter]) { self.parameters = parameters }

    func values(at units: [Double]) -> [Double] { zip(parameters, units).map { $0.value(at: $1) } }
    func units(of values: [Double]) -> [Double] { zip(parameters, values).map { $0.unit(of: $1) } }
    var shipped: [Double] { parameters.map(\.shipped) }
}
