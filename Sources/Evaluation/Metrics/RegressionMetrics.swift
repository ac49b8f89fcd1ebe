/// Metrics of predicted numbers, such as ratings; `nil` without values or for one that is not finite.
public enum RegressionMetrics {
    /// MAE = (1/n)·Σ |p − y|.
    public static func meanAbsoluteError(predicted: [Double], actual: [Double]) -> Double? {
        mean(predicted, actual) { abs($0 - $1) }
    }

    /// MSE = (1/n)·Σ (p − y)².
    public static func meanSquaredError(predicted: [Double], actual: [Double]) -> Double? {
        mean(predicted, actual) { ($0 - $1) * ($0 - $1) }
    }

    /// RMSE = √MSE.
    public static func rootMeanSquaredError(predicted: [Double], actual: [Double]) -> Double? {
        meanSquaredError(predicted: predicted, actual: actual)?.squareRoot()
    }

    private static func mean(
        _ predicted: [Double], _ actual: [Double], _ loss: (Double, Double) -> Double
    ) -> Double? {
        precondition(predicted.count == actual.count, "one prediction for each value")
        guard !predicted.isEmpty, predicted.allSatisfy(\.isFinite), actual.allSatisfy(\.isFinite) else { return nil }
        return zip(predicted, actual).reduce(0) { $0 + loss($1.0, $1.1) } / Double(predicted.count)
    }
}
