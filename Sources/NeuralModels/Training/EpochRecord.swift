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
    /// `nil` where nothing is held out.
    public let validation: Validation?
    /// How much of `seconds` rank 0 spent adding up gradients with other processes, waiting included; `nil` for one process.
    public let exchangeSeconds: Double?

    init(
        epoch: Int, seconds: Double, rate: Double, trainingLoss: Double, validation: Validation?,
        exchangeSeconds: Double? = nil
    ) {
        (self.epoch, self.seconds, self.rate) = (epoch, seconds, rate)
        (self.trainingLoss, self.validation, self.exchangeSeconds) = (trainingLoss, validation, exchangeSeconds)
    }

    init?(_ json: JSONValue) {
        guard let epoch = json["epoch"]?.integerValue, let seconds = json["seconds"]?.doubleValue,
            let rate = json["rate"]?.doubleValue, let trainingLoss = json["training_loss"]?.doubleValue
        else { return nil }
        var validation: Validation?
        if let loss = json["validation_loss"]?.doubleValue, let score = json["validation_score"]?.doubleValue {
            validation = Validation(loss: loss, score: score)
        }
        self.init(
            epoch: Int(epoch), seconds: seconds, rate: rate, trainingLoss: trainingLoss, validation: validation,
            exchangeSeconds: json["exchange_seconds"]?.doubleValue)
    }

    var json: JSONValue {
        .object(
            [
                .init("epoch", .integer(Int64(epoch))), .init("seconds", .number(seconds)),
                .init("rate", .number(rate)), .init("training_loss", .number(trainingLoss)),
            ]
                + (validation.map {
                    [.init("validation_loss", .number($0.loss)), .init("validation_score", .number($0.score))]
                } ?? [])
                + (exchangeSeconds.map { [.init("exchange_seconds", .number($0))] } ?? []))
    }

    /// The records as a table with a head, for spreadsheets and plots.
    static func csv(_ records: [EpochRecord]) -> String {
        let head = "epoch,seconds,rate,training_loss,validation_loss,validation_score\n"
        return head
            + records.map { record in
                let heldOut = record.validation.map { String(format: "%.6f,%.6f", $0.loss, $0.score) } ?? ","
                return String(
                    format: "%ld,%.2f,%.8f,%.6f,", record.epoch, record.seconds, record.rate, record.trainingLoss)
                    + heldOut + "\n"
            }.joined()
    }
}
