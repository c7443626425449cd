import CLinux
import Glibc
import Netlink
import NetworkState

/// What this kernel and this user can do, found out by doing it: a module may be there and refuse to load, and a
/// capability may be held in a namespace in which it is worth nothing.
package struct KernelFeatures: Sendable {
    /// Of every feature, in the order of ``KernelFeature``.
    package let trials: [FeatureTrial]

    package init(_ trials: [FeatureTrial]) {
        self.trials = trials
    }

    package func works(_ feature: KernelFeature) -> Bool { trials.contains { $0.feature == feature && $0.works } }

    /// Tries everything. This process moves into namespaces of its own, so nothing stays behind once it has ended.
    package static func observe() -> KernelFeatures {
        let user = ThisProcess.user
        let privileges = attempt(.privileges) { () throws(SystemError) in
            switch try Seclusion.acquireMeans() {
            case .privilege: "as \(user == 0 ? "root" : "user \(user)")"
            case .userNamespace: "as user \(user), in a user namespace"
            }
        }
        let first = [FeatureTrial(.kernel, .works(ThisProcess.kernelRelease)), privileges]
        let rest = KernelFeature.allCases.filter { feature in !first.contains { $0.feature == feature } }
        guard privileges.works else {
            return KernelFeatures(
                first + rest.map { $0 == .neighbourTable ? neighbourTable : FeatureTrial($0, .untried(.privileges)) })
        }
        return KernelFeatures(first + rest.map(trial))
    }

    /// Each in a namespace of its own, which dies with the trial.
    static func trial(of feature: KernelFeature) -> FeatureTrial {
        switch feature {
        case .kernel, .privileges: preconditionFailure("\(feature) is tried before all others")
        case .mountNamespaces:
            attempt(feature) { () throws(SystemError) in
                try Seclusion.separateMounts()
                return nil
            }
        case .neighbourTable: neighbourTable
        case .networkNamespaces:
            attempt(feature) { () throws(SystemError) in
                _ = try NetworkNamespace()
                return nil
            }
        case .veth, .bridge, .vxlan, .ipip, .dummy, .vrf, .wireguard: linkTrial(feature)
        case .tun: attemptInside(feature) { namespace throws(SystemError) in _ = try TunDevice(in: namespace) }
        case .nftables: tableTrial
        case .nextHops: nextHopTrial
        case .rawSockets: attemptInside(feature, openRawSocket)
        case .packetSockets:
            attemptInside(feature) { namespace throws(SystemError) in
                _ = try PacketSocket.open(on: "lo", in: namespace)
            }
        case .netem, .tbf, .randomDrop: impairmentTrial(feature)
        case .forwarding: settingTrial(feature, Sysctl.forwarding)
        case .proxyARP: settingTrial(feature, "net/ipv4/conf/lo/proxy_arp")
        case .proxyDelay: settingTrial(feature, "net/ipv4/neigh/lo/proxy_delay")
        }
    }

    private static func impairmentTrial(_ feature: KernelFeature) -> FeatureTrial {
        guard let namespace = try? NetworkNamespace(), let inside = try? OpenNamespace(namespace) else {
            return FeatureTrial(feature, .untried(.networkNamespaces))
        }
        do throws(ApplyError.Cause) {
            switch feature {
            case .netem: try inside.setNetem(Impairment(loss: 0.5), on: .loopback)
            case .tbf: try inside.setTBF(rate: 1_000_000, on: .loopback)
            default: try inside.setRandomDrop(0.5, on: .loopback)
            }
            return FeatureTrial(feature, .works())
        } catch {
            return FeatureTrial(feature, .missing(error.text(in: .own)))
        }
    }

    private static func openRawSocket(in namespace: borrowing NetworkNamespace) throws(SystemError) {
        let opener = try SocketOpener(duplicating: [namespace.descriptor.rawValue])
        _ = try opener.open([SocketOpener.Request(namespace: 0, kind: .echo, family: .v4)])
    }

    private static var neighbourTable: FeatureTrial {
        do throws(NetlinkError) {
            let table = try NeighbourTable.observe()
            let times = table.overflowCount == 1 ? "once" : "\(table.overflowCount) times"
            return FeatureTrial(
                .neighbourTable,
                .works(
                    "\(table.entries) of \(table.limit) entries taken, overflowed \(times) since the machine started"))
        } catch {
            return FeatureTrial(.neighbourTable, .missing("\(error)"))
        }
    }

    private static func settingTrial(_ feature: KernelFeature, _ key: String) -> FeatureTrial {
        attemptInside(feature) { namespace throws(SystemError) in
            if let failure = try SysctlFiles.write([Sysctl(key, "1")], in: namespace, SettingFiles()).first {
                throw failure.error
            }
        }
    }

    /// A table with a rule of each kind that weft writes: each takes a part of the kernel of its own.
    private static var tableTrial: FeatureTrial {
        guard let namespace = try? NetworkNamespace(), let inside = try? OpenNamespace(namespace) else {
            return FeatureTrial(.nftables, .untried(.networkNamespaces))
        }
        do throws(ApplyError.Cause) {
            _ = try inside.nft(NATRules.trial.table(named: NATTable.name(ofTopology: "trial"))?.replacement ?? "")
            return FeatureTrial(.nftables, .works())
        } catch {
            return FeatureTrial(.nftables, .missing(error.text(in: .own)))
        }
    }

    private static var nextHopTrial: FeatureTrial {
        guard let namespace = try? NetworkNamespace(), let inside = try? OpenNamespace(namespace) else {
            return FeatureTrial(.nextHops, .untried(.networkNamespaces))
        }
        do throws(NetlinkError) {
            let areKnown = try inside.nextHopObjects().areKnown
            return FeatureTrial(.nextHops, areKnown ? .works() : .missing(errnoText(EOPNOTSUPP)))
        } catch {
            return FeatureTrial(.nextHops, .missing("\(error)"))
        }
    }

    private static func linkTrial(_ feature: KernelFeature) -> FeatureTrial {
        guard let namespace = try? NetworkNamespace(),
            var socket = try? namespace.run({ () throws(SystemError) in try NetlinkSocket.open() })
        else { return FeatureTrial(feature, .untried(.networkNamespaces)) }
        do throws(NetlinkError) {
            try socket.execute(LinkTrial.creation(of: feature))
            return FeatureTrial(feature, .works())
        } catch {
            return FeatureTrial(feature, .missing("\(error)"))
        }
    }

    private static func attemptInside(
        _ feature: KernelFeature, _ body: (borrowing NetworkNamespace) throws(SystemError) -> Void
    ) -> FeatureTrial {
        guard let namespace = try? NetworkNamespace() else {
            return FeatureTrial(feature, .untried(.networkNamespaces))
        }
        return attempt(feature) { () throws(SystemError) in
            try body(namespace)
            return nil
        }
    }

    private static func attempt(
        _ feature: KernelFeature, _ body: () throws(SystemError) -> String?
    ) -> FeatureTrial {
        do throws(SystemError) {
            return FeatureTrial(feature, .works(try body()))
        } catch {
            return FeatureTrial(feature, .missing("\(error)"))
        }
    }
}

extension NATRules {
    fileprivate static var trial: NATRules {
        var rules = NATRules()
        let (network, address) = (IPPrefix.everything(.v4), IPAddress.any(.v6))
        rules.bridge = Bridge(name: .loopback, subnets: [network, IPPrefix(host: address)], masquerades: true)
        rules.published = [network.address, address].map {
            Publication(PublishedPort(hostPort: 1, containerPort: 1), to: $0)
        }
        return rules
    }
}
