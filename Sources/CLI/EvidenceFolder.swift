import Netlink
import NetnsHarness
import NetworkState
import Synchronization

/// The folder that `weft test` puts captures into, opened before anything is built: once in a lab, this process sees other
/// files.
final class EvidenceFolder: Sendable {
    /// As the user wrote it.
    private let path: String
    private let folder: FileDirectory
    private let names = Mutex<Set<String>>([])

    init(_ path: String) throws {
        self.path = path
        folder = try reporting { () throws(SystemError) in
            try createDirectories(path)
            return try FileDirectory(path)
        }
    }

    /// Writes the captures of a report's findings, and has the report tell where they are.
    func write(_ report: inout ReachabilityReport) throws(SystemError) {
        let topology = report.topology
        try report.fileEvidence { (finding, evidence) throws(SystemError) in
            let name = freeName([topology, finding.from, finding.to].compactMap(\.self).joined(separator: "-"))
            try replaceFile("\(folder.lastingPath)/\(name)", with: evidence.capture)
            return "\(path)/\(name)"
        }
    }

    /// One pair may have failed after several events, and two topologies may have one name.
    private func freeName(_ wanted: String) -> String {
        names.withLock { names in
            var name = "\(wanted).pcapng"
            var number = 1
            while !names.insert(name).inserted {
                number += 1
                name = "\(wanted)-\(number).pcapng"
            }
            return name
        }
    }
}
