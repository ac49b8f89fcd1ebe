/// What the numbers of a tensor are; the raw value is libtorch's.
public enum NumberType: Int32, Sendable {
    case byte = 0
    case integer = 4
    case float = 6
    case double = 7
    case flag = 11
    /// Sixteen bits with the exponent of `float`, between layers only: its numbers are not read.
    case half = 15

    /// Bytes of one number.
    public var size: Int {
        switch self {
        case .byte, .flag: 1
        case .half: 2
        case .float: 4
        case .integer, .double: 8
        }
    }
}
