internal import Foundation
internal import JSON

/// What one epoch came to.
public struct EpochRecord: Sendable, Hashable {
    /// From 1.
    public let epoch: Int
    public let seconds: Double
    /// The learning rate of the last step.
    public let rate: Double
    public let trainingLoss: Double
    public let validation: Validation

    init(epoch: Int, seconds: Double, rate: Double, trainingLoss: Double, validation: Validation) {
        (self.epoch, self.seconds, self.rate) = (epoch, seconds, rate)
        (self.trainingLoss, self.validation) = (trainingLoss, validation)
    }

    init?(_ json: JSONValue) {
        guard let epoch = json["epoch"]?.integerValue, let seconds = json["seconds"]?.doubleValue,
            let rate = json["rate"]?.doubleValue, let trainingLoss = json["training_loss"]?.doubleValue,
            let loss = json["validation_loss"]?.doubleValue, let score = json["validation_score"]?.doubleValue
        else { return nil }
        self.init(
            epoch: Int(epoch), seconds: seconds, rate: rate, trainingLoss: trainingLoss,
            validation: Validation(loss: loss, score: score))
    }

    var json: JSONValue {
        .object([
            .init("epoch", .integer(Int64(epoch))), .init("seconds", .number(seconds)), .init("rate", .number(rate)),
            .init("training_loss", .number(trainingLoss)), .init("validation_loss", .number(validation.loss)),
            .init("validation_score", .number(validation.score)),
        ])
    }

    /// The records as a table with a head, for spreadsheets and plots.
    static func csv(_ records: [EpochRecord]) -> String {
        let head = "epoch,seconds,rate,training_loss,validation_loss,validation_score\n"
        return head
            + records.map {
                String(
                    format: "%ld,%.2f,%.8f,%.6f,%.6f,%.6f\n", $0.epoch, $0.seconds, $0.rate, $0.trainingLoss,
                    $0.validation.loss, $0.validation.score)
            }.joined()
    }
}
