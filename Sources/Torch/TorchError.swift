/// Why libtorch refused an operation: its name, the shapes it was given and libtorch's own words.
public struct TorchError: Error, Sendable, CustomStringConvertible {
    /// The operator, such as `aten::linear`, or what was being done.
    public let operation: String
    /// Shapes of the tensors it was given, in order.
    public let shapes: [[Int]]
    public let reason: String

    public init(operation: String, shapes: [[Int]], reason: String) {
        (self.operation, self.shapes, self.reason) = (operation, shapes, reason)
    }

    public var description: String {
        let first = reason.prefix { $0 != "\n" }
        let given = shapes.map { "[" + $0.map(String.init).joined(separator: ", ") + "]" }.joined(separator: ", ")
        return "\(operation) on \(given.isEmpty ? "no tensor" : given): \(first)"
    }
}
