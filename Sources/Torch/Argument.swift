/// One argument of an operator, in the place that libtorch's schema gives it.
public enum Argument {
    /// An optional argument that is left out.
    case none
    case tensor(Tensor)
    case tensors([Tensor])
    case integer(Int)
    case number(Double)
    case flag(Bool)
    case integers([Int])
    case random(RandomSource)

    static func optional(_ tensor: Tensor?) -> Argument { tensor.map { .tensor($0) } ?? .none }
    static func optional(_ number: Double?) -> Argument { number.map { .number($0) } ?? .none }
}
