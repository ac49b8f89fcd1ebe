/// What the numbers of a tensor are; the raw value is libtorch's.
public enum NumberType: Int32, Sendable {
    case byte = 0
    case integer = 4
    case float = 6
    case double = 7
    case flag = 11

    /// Bytes of one number.
    public var size: Int {
        switch self {
        case .byte, .flag: 1
        case .float: 4
        case .integer, .double: 8
        }
    }
}
