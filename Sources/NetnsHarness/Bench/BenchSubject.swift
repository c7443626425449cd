package import Compiler

/// What is measured side by side: the network models, and hosts that talk without any.
package enum BenchSubject: Hashable, Sendable {
    case hosts
    case profile(NetworkModel.Profile)

    /// What all others are compared with: plain routing.
    package static let baseline = BenchSubject.profile(.calico)

    package var name: String {
        switch self {
        case .hosts: "host to host"
        case .profile(let profile): profile.rawValue
        }
    }

    /// What the reader has to know to compare it.
    package var note: String? {
        switch self {
        case .hosts: "no containers"
        case .profile(let profile) where profile.model.encapsulation == .isolated:
            "to a port that the container publishes: there is no other way"
        case .profile: nil
        }
    }

    /// Whom the traffic goes from, and who answers.
    var ends: (client: String, server: String) {
        switch self {
        case .hosts: ("A", "B")
        case .profile: ("A1", "B1")
        }
    }

    /// Whose address the client uses: of hosts that hide their containers it is the host's.
    var target: String {
        switch self {
        case .profile(let profile) where profile.model.encapsulation != .isolated: "B1"
        case .hosts, .profile: "B"
        }
    }

    /// iperf3's, for both protocols.
    static let port: UInt16 = 5201
}
