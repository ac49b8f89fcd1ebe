import NeuralModels
import TestSupport
import Testing
import Torch

@testable import CommandInterface
@testable import souk_train

@Suite struct OptionTests {
    private static let console = Console(program: "souk-train", isQuiet: true)

    /// Runs a command as `Program` does; what is wrong with its words comes before anything is read.
    private static func run(_ name: String, _ words: [String]) throws {
        let command = try #require(SoukTrain.commands.first { $0.name == name })
        let arguments = try Arguments(
            words, options: command.options, maximumPositional: command.maximumPositional)
        try command.run(arguments, console: console)
    }

    @Test(
        arguments: [
            ("perceptron", [], "--data DATA is missing"), ("purchase", [], "--shop DIR is missing"),
            ("perceptron", ["--data", "x", "--epochs", "0"], "--epochs takes a whole number from 1"),
            ("perceptron", ["--data", "x", "--epochs", "ten"], "not 'ten'"),
            ("cnn", ["--data", "x", "--rate", "-1"], "--rate takes a number of at least 0, not '-1'"),
            ("cnn", ["--data", "x", "--rate", "nan"], "--rate"), ("cnn", ["--data", "x", "--l2", "inf"], "--l2"),
            ("cnn", ["--data", "x", "--optimiser", "lion"], "sgd, momentum, rmsprop, adam or adamw, not 'lion'"),
            ("cnn", ["--data", "x", "--optimiser", "sgd", "--decay", "0.1"], "--decay is adamw's"),
            ("cnn", ["--data", "x", "--schedule", "cosine:x"], "--schedule takes constant, cosine"),
            ("cnn", ["--data", "x", "--precision", "double"], "--precision takes single or mixed"),
            ("cnn", ["--data", "x", "--width", "3"], "--width takes a whole number from 4"),
            ("perceptron", ["--data", "x", "--width", "8"], "There is no option --width"),
            ("sasrec", ["--data", "x", "--epocs", "3"], "Did you mean --epochs?"),
            ("sasrec", ["--data", "x", "--loss", "mse"], "--loss takes softmax or bpr"),
            ("sasrec", ["--data", "x", "--crop", "1.5"], "--crop takes a share from 0 to 1"),
            ("gru4rec", ["--data", "x", "--blocks", "2"], "There is no option --blocks"),
            ("sasrec", ["--data", "x", "--data", "y"], "--data is given twice"),
            ("sasrec", ["--data", "x", "more"], "One argument too many: 'more'"),
            ("sasrec", ["--data", "x", "--processes", "2", "--rank", "0"], "leave out --rank"),
            ("sasrec", ["--data", "x", "--rank", "0"], "--rank, --world and --rendezvous go together"),
            ("sasrec", ["--data", "x", "--rank", "2", "--world", "2", "--rendezvous", "a:1"], "--rank"),
            ("sasrec", ["--data", "x", "--processes", "0"], "--processes takes a whole number from 1"),
            ("purchase", ["--shop", "x", "--network", "dnc"], "perceptron, deepfm, dcn, din or mmoe, not 'dnc'"),
            ("purchase", ["--shop", "x", "--crosses", "2"], "--crosses is no option of --network perceptron"),
            ("purchase", ["--shop", "x", "--cross-rank", "4"], "--cross-rank is no option of --network perceptron"),
            ("purchase", ["--shop", "x", "--synthetic"], "--synthetic is no option of --network perceptron"),
            ("purchase", ["--shop", "x", "--network", "din", "--synthetic"], "no option of --network din"),
            ("purchase", ["--shop", "x", "--hidden", "64,"], "--hidden takes one to eight numbers"),
            ("purchase", ["--shop", "x", "--negatives", "all"], "catalogue, popular or candidates"),
            ("encoder", ["--shop", "x", "--kind", "clicks"], "--kind takes one of"),
            ("cross-encoder", ["--shop", "x", "--temperature", "0"], "--temperature takes a number above 0"),
            ("rewriter", ["--shop", "x", "--width", "100", "--heads", "4"], "multiple of eight times --heads"),
        ] as [(String, [String], String)])
    func `a command line that cannot be understood is refused with what is wrong`(
        name: String, words: [String], text: String
    ) {
        let error = #expect(throws: UsageError.self) { try Self.run(name, words) }
        #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    }

    @Test func `what is given replaces a model's own settings, and what is left out stays`() throws {
        let own = PictureJob(.cnn, data: "x", folder: "y").settings
        func settings(_ words: [String]) throws -> TrainingSettings {
            var settings = own
            try TrainingOptions.apply(try Arguments(words, options: TrainingOptions.common), to: &settings)
            return settings
        }
        #expect(try settings(["--threads", "1"]) == own)
        let words = [
            "--threads", "1", "--optimiser", "momentum", "--l1", "0.5", "--l2", "0.25", "--clip", "2", "--schedule",
            "cosine:10:0.1", "--rate", "0.3", "--seed", "7", "--patience", "2",
        ]
        let changed = try settings(words)
        #expect(changed.optimiser == .momentum && changed.penalty == .init(l1: 0.5, l2: 0.25) && changed.clip == 2)
        #expect(changed.schedule == .cosine(warmup: 10, floor: 0.1) && changed.rate == 0.3)
        #expect(changed.seed == 7 && changed.patience == 2 && changed.epochs == own.epochs)
        #expect(try settings(["--threads", "1", "--clip", "0"]).clip == nil)
    }

    @Test func `every command has help that names its options`() {
        for command in SoukTrain.commands {
            let help = command.help(of: "souk-train")
            for word in ["--optimiser", "--schedule", "--l1", "--clip", "--resume", "--processes"] {
                #expect(help.contains(word), "\(command.name) \(word)")
            }
        }
    }

    @Test func `workers get the words of the command without the number of processes`() {
        #expect(LocalWorkers.words(of: ["cnn", "--processes", "2", "--data", "x"]) == ["cnn", "--data", "x"])
        #expect(LocalWorkers.words(of: ["cnn", "--processes=2", "--resume"]) == ["cnn", "--resume"])
    }
}
