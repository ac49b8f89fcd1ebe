/// Where a tensor lies and is computed on, as libtorch names it: `cpu`, `cuda`, `cuda:1`.
public struct Device: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    public init(_ name: String) { self.name = name }
    public static let cpu = Device("cpu")
    public var description: String { name }
}
