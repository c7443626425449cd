/// Everything that was seen on a lab's links while something that had failed was asked once more, as Wireshark reads it.
package struct Evidence: Hashable, Sendable {
    /// A pcapng file.
    package let capture: [UInt8]
    /// How many frames are in it.
    package let count: Int
    /// Where it is; nil if it was not written.
    package var file: String?

    package init(capture: [UInt8], count: Int, file: String? = nil) {
        self.capture = capture
        self.count = count
        self.file = file
    }
}

extension Evidence {
    /// Nil where it is in no file.
    var line: String? { file.map { "\(count) frame\(count == 1 ? "" : "s") in \($0)" } }

    /// More frames tell nothing new, as of a transfer.
    private static let limit = 2_000

    /// - `comment`: what was asked, for the file's properties.
    init(_ recording: Recording, comment: String) {
        var kept = recording
        kept.entries = Array(recording.entries.prefix(Self.limit))
        let rest = recording.entries.count - kept.entries.count
        let remarks = [
            comment, rest == 0 ? nil : "the first of \(recording.entries.count) frames",
            recording.losses == 0 ? nil : "\(recording.losses) frames were not kept, for want of room",
        ]
        self.init(
            capture: PacketCapture(kept, comment: remarks.compactMap(\.self).joined(separator: "; ")).bytes,
            count: kept.entries.count)
    }
}

extension ReachabilityReport {
    /// Has `file` put away what was captured, and tell where it is.
    package mutating func fileEvidence<Failure: Error>(
        _ file: (Finding, Evidence) throws(Failure) -> String
    ) throws(Failure) {
        for index in findings.indices {
            let finding = findings[index]
            guard let evidence = finding.evidence else { continue }
            findings[index].evidence?.file = try file(finding, evidence)
        }
    }
}
