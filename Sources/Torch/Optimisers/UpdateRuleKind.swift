/// The update rules, by the names by which a person chooses one.
public enum UpdateRuleKind: String, Sendable, CaseIterable {
    case sgd, momentum, rmsprop, adam, adamw

    /// The rule with its usual constants.
    ///
    /// - Parameter decay: AdamW's; no other rule has one.
    public func rule(decay: Double) -> any UpdateRule {
        switch self {
        case .sgd: GradientDescent()
        case .momentum: GradientDescent(momentum: 0.9)
        case .rmsprop: RMSProp()
        case .adam: Adam()
        case .adamw: Adam(weightDecay: decay)
        }
    }
}
