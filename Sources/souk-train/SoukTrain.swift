import CommandInterface
import Foundation
import Numerics
import Torch

/// The program that trains neural models.
@main
enum SoukTrain {
    static let commands: [any Command.Type] = [
        PerceptronCommand.self, ConvolutionalCommand.self, SASRecCommand.self, ESASRecCommand.self,
        BERT4RecCommand.self, GRU4RecCommand.self, TwoTowerCommand.self, PurchaseCommand.self,
        EncoderCommand.self, CrossEncoderCommand.self, RewriterCommand.self, SuggesterCommand.self,
    ]

    /// Exit codes: 0 done, 1 failed, 2 not understood.
    static func main() {
        LinearAlgebra.adoptKernels(CommandLine.arguments)
        Runtime.keepFreedMemory()
        let program = Program(
            name: "souk-train", noun: "model",
            headline: "souk-train: trains neural models; souk serves them without libtorch",
            commands: commands)
        exit(program.run(Array(ProcessInfo.processInfo.arguments.dropFirst())))
    }
}
