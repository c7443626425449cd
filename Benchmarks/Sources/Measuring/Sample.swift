import Foundation

/// One measurement of one phase.
package struct Sample: Hashable, Sendable, Codable {
    package let phase: String
    /// Of a clock on the wall.
    package let seconds: Double
    /// Of processors, in user space and in the kernel.
    package let processorSeconds: Double
    /// At most.
    package let mebibytes: Double

    package init(phase: String, seconds: Double, processorSeconds: Double, mebibytes: Double) {
        self.phase = phase
        self.seconds = seconds
        self.processorSeconds = processorSeconds
        self.mebibytes = mebibytes
    }
}

extension Sample {
    /// Of a line `measure PHASE SECONDS PROCESSOR MIB`; nil of any other.
    package init?(line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count == 5, words[0] == "measure", let seconds = Double(words[2]),
            let processor = Double(words[3]), let mebibytes = Double(words[4])
        else { return nil }
        self.init(
            phase: String(words[1]), seconds: seconds, processorSeconds: processor, mebibytes: mebibytes)
    }
}

func logarithm(_ value: Double) -> Double { log(value) }
