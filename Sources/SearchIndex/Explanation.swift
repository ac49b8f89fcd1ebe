/// One part of a score: a node's value is the sum of its children's, where it has any.
public struct Explanation: Hashable, Sendable {
    public let label: String
    public let value: Double
    public let children: [Explanation]

    public init(label: String, value: Double, children: [Explanation] = []) {
        (self.label, self.value, self.children) = (label, value, children)
    }
}
