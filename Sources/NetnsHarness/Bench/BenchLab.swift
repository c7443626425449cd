package import Applier
package import Compiler
package import Netlink
import NetworkState

/// One subject at work, in a lab of its own beside the others', so that all can be measured in turns.
package struct BenchLab: Sendable {
    package let subject: BenchSubject
    private let lab: Lab

    /// - `folder`: where the labs of one run have their namespaces and ledgers.
    package init(_ subject: BenchSubject, in folder: String) throws(InvalidTopology) {
        let source = subject.topology
        let place = "\(folder)/\(subject.name.replacing(" ", with: "-"))"
        self.subject = subject
        lab = Lab(
            try load(source), source: source, directory: NetnsDirectory("\(place)/netns"),
            stateDirectory: "\(place)/state")
    }

    package func up() throws(ApplyError) { try lab.up() }

    package func down() throws(SystemError) { try lab.down() }

    /// From the one end to the other; the processor time of the lab's forwarders counts.
    package func openPath() throws(SystemError) -> TrafficPath {
        let (client, server) = subject.ends
        return TrafficPath(
            from: try lab.directory.open(client), to: try lab.directory.open(server), target: target,
            clock: try ProcessorClock(with: lab.forwarders))
    }

    private var target: SocketAddress {
        guard let address = lab.nodes.first(where: { $0.name == subject.target })?.addresses.first else {
            preconditionFailure("a bench topology has no \(subject.target)")
        }
        return SocketAddress(address, port: BenchSubject.port)
    }
}
