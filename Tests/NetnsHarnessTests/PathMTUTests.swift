import Compiler
import Foundation
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// How large packets may be, measured with Debian's own ping and with plain sockets.
@Suite(.namespaces)
struct PathMTUTests {
    @Test(arguments: TopologyFile.connecting.filter(\.isSmall))
    func `every topology carries packets of the containers' MTU, and answers larger ones with it`(
        _ file: TopologyFile
    ) throws {
        try TestLab.with(file) { lab in
            for (from, to) in Crossing.samplePairs(of: lab.topology) {
                let crossing = Crossing(lab, from: from, to: to)
                for address in crossing.probes.filter({ $0.protocol == .icmp }).map(\.address) {
                    try expectMTU(in: lab, from: crossing.from, to: address)
                }
            }
        }
    }

    /// The container's own MTU would refuse the larger packet before any host sees it, so both ends of its link, and the
    /// bridge if there is one, are made wider for it.
    private func expectMTU(in lab: Lab, from host: ValidTopology.Host, to address: IPAddress) throws {
        let (container, mtu) = (host.containers[0], lab.topology.mtu)
        let story = "\(lab.topology.name), \(container.name) to \(address)"
        let whole = try ping(address, from: container.name, in: lab, size: mtu)
        #expect(whole.status == 0, "\(story), \(mtu) bytes: \(whole.output)\(whole.errors)")

        let bridge = lab.topology.model.attachment == .bridged ? ["docker0"] : []
        let widen = { (mtu: UInt32) in
            for link in [container.link.text] + bridge {
                try lab.script(in: host.name, "ip link set dev \(link) mtu \(mtu)")
            }
            try lab.script(in: container.name, "ip link set dev eth0 mtu \(mtu)")
        }
        try widen(mtu + 100)
        let larger = try ping(address, from: container.name, in: lab, size: mtu + 1)
        #expect(larger.status == 1, "\(story), \(mtu + 1) bytes: \(larger.output)\(larger.errors)")
        let answer = address.family == .v4 ? "Frag needed and DF set (mtu = \(mtu))" : "Packet too big: mtu=\(mtu)"
        #expect(larger.output.contains(answer), "\(story): \(larger.output)\(larger.errors)")
        try widen(mtu)
    }

    /// A packet of `size` bytes that no router may take apart.
    private func ping(_ address: IPAddress, from name: String, in lab: Lab, size: UInt32) throws -> Finished {
        let headers: UInt32 = address.family == .v4 ? 20 + 8 : 40 + 8
        return try lab.run(
            in: name,
            "ping", "-n", "-c", "1", "-W", "5", "-M", "do", "-s", "\(size - headers)", "\(address)")
    }

    @Test(arguments: TopologyFile.connecting.filter(\.isSmall))
    func `every topology carries 50 MB by TCP between hosts`(_ file: TopologyFile) throws {
        try TestLab.with(file) { lab in
            let pairs = Crossing.samplePairs(of: lab.topology)
            let (from, to) = try #require(pairs.last)
            let crossing = Crossing(lab, from: from, to: to)
            for address in crossing.probes.filter({ $0.protocol == .icmp }).map(\.address) {
                let (sender, receiver) = (crossing.from.containers[0].name, crossing.to.containers[0].name)
                let count = try transfer(from: sender, to: receiver, at: address, in: lab)
                #expect(count == Self.transferSize, "\(crossing), \(address)")
            }
        }
    }

    @Test func `from behind Docker's NAT the same holds to a server outside`() throws {
        try TestLab.with(TopologyFile("docker-nat")) { lab in
            let server = try #require(lab.nodes.first { $0.name == "web" }?.addresses.first)
            try expectMTU(in: lab, from: lab.topology.hosts[0], to: server)
            #expect(try transfer(from: "A1", to: "web", at: server, in: lab) == Self.transferSize)
        }
    }

    /// How many bytes the receiver counts up to the end of the stream. Not iperf3's figure, which leaves out what is still
    /// on its way when the sender says on another connection that it has sent all.
    private func transfer(
        from sender: String, to name: String, at address: IPAddress, in lab: Lab
    ) throws -> Int {
        let receiver = try CountingReceiver(lab.directory.file(of: name), address)
        try lab.script(
            in: sender,
            "timeout 120 head -c \(Self.transferSize) /dev/zero > /dev/tcp/\(address)/\(CountingReceiver.port)")
        return try receiver.count()
    }

    private static let transferSize = 50_000_000
}

/// Takes one connection in a namespace, and counts what comes.
private final class CountingReceiver {
    static let port = 5201

    private let process = Process()
    private let output = Pipe()

    private static let program = """
        import socket, sys
        address, port = sys.argv[1], int(sys.argv[2])
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.create_server((address, port), family=family) as server:
            server.settimeout(120)
            print("listening", flush=True)
            connection, _ = server.accept()
        connection.settimeout(120)
        count = 0
        while data := connection.recv(1 << 20):
            count += len(data)
        print(count)
        """

    /// Returns once it listens.
    init(_ namespace: String, _ address: IPAddress) throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["nsenter", "--net=\(namespace)", "--", "python3", "-c", Self.program, "\(address)", "\(Self.port)"]
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var said = ""
        while !said.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the receiver does not listen: \(said)")
            said += String(decoding: data, as: UTF8.self)
        }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// Waits for the stream's end.
    func count() throws -> Int {
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return try #require(Int(said.split(separator: "\n").last ?? ""), "\(said)")
    }
}

extension TopologyFile {
    /// A hundred hosts are networked as six are, and take far longer.
    fileprivate var isSmall: Bool { name != "calico-hundred-hosts" }
}
