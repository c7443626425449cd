package import Compiler
import NetworkState

extension BenchSubject {
    /// Two hosts on one segment with a container each, or with none.
    package var topology: SourceText {
        let topology = JSON.object([
            "version": 1,
            "name": "bench",
            "network": .object(["profile": .string(profile.rawValue), "pools": "172.17.0.0/16"]),
            "segments": [.object(["name": "lan", "subnet": "192.168.100.0/24"])],
            "hosts": [host("A", block: "172.17.8.0/24"), host("B", block: "172.17.9.0/24")],
        ])
        return SourceText(name: "bench \(name)", text: topology.text)
    }

    private var profile: NetworkModel.Profile {
        switch self {
        case .hosts: .calico
        case .profile(let profile): profile
        }
    }

    private func host(_ name: String, block: String) -> JSON {
        .object([
            "name": .string(name),
            "links": [.object(["segment": "lan"])],
            "subnet": .string(block),
            "containers": self == .hosts ? [] : [container(of: name)],
        ])
    }

    private func container(of host: String) -> JSON {
        let ports = ["tcp", "udp"].map { JSON.string("\(Self.port):\(Self.port)/\($0)") }
        let isHidden = profile.model.encapsulation == .isolated && host == "B"
        return .members(["name": .string("\(host)1"), "publish": isHidden ? .array(ports) : nil])
    }
}
