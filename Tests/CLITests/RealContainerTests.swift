import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// Containers that runc has started, and weft only gives a network.
@Suite(.namespaces, .runc)
struct RealContainerTests {
    private let file = TopologyFile("real-containers").url.path

    /// Where runc has started both containers of the topology.
    private func withContainers(_ body: (Machine, RuncBundle) throws -> Void) throws {
        let (machine, bundle) = (try Machine(), try RuncBundle())
        for name in ["web", "client"] { try bundle.start(name, on: machine) }
        defer { for name in ["web", "client"] { try? bundle.stop(name, on: machine) } }
        try body(machine, bundle)
    }

    @Test func `a topology of running containers is proven, and leaves them as they were`() throws {
        try withContainers { machine, _ in
            let before = try ["web", "client"].map { try machine.dump(netns: $0) }
            let finished = try machine.weft("test", file)
            #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
            #expect(finished.output.contains("6 of 6 container pairs"), "\(finished.output)")
            #expect(try ["web", "client"].map { try machine.dump(netns: $0) } == before)
        }
    }

    /// Each gives both containers a link of the same name.
    @Test func `tests of the same running containers take turns, in one process and in several`() throws {
        try withContainers { machine, _ in
            let before = try ["web", "client"].map { try machine.dump(netns: $0) }
            let finished = try machine.run(
                "bash", "-c", #""$0" test "$1" "$1" --jobs 2 & "$0" test "$1" & wait -n && wait -n"#, Weft.path, file)
            #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
            let proofs = finished.lines.filter { $0.hasPrefix("6 of 6 container pairs") }
            #expect(proofs.count == 3, "\(finished.output)\(finished.errors)")
            #expect(try ["web", "client"].map { try machine.dump(netns: $0) } == before)
        }
    }

    @Test func `running containers ping each other over a lab`() throws {
        try withContainers { machine, bundle in
            let finished = try machine.weft("lab", "up", file)
            defer { _ = try? machine.weft("lab", "down", "real-containers") }
            #expect(finished.status == 0, "\(finished.errors)")
            for (name, address) in [("web", "172.17.9.2"), ("client", "172.17.8.2"), ("client", "172.17.8.3")] {
                let answer = try bundle.ping(address, from: name, on: machine)
                #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
            }
            #expect(try machine.weft("lab", "down", "real-containers").status == 0)
            #expect(try eventually { try machine.run("ip", "-n", "web", "link", "show", "eth0").status != 0 })
        }
    }

    @Test func `a host gives a running container its network, and takes back just that`() throws {
        try withContainers { machine, bundle in
            let (web, own) = (try machine.dump(netns: "web"), try machine.dump())
            let applied = try machine.weft("apply", file, "--host", "A")
            #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
            #expect(try machine.weft("plan", file, "--host", "A", "--exit-code").status == 0)
            let answer = try bundle.ping("172.17.8.3", from: "web", on: machine)
            #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
            #expect(try machine.weft("destroy", "--host", "A").status == 0)
            #expect(try machine.dump(netns: "web") == web)
            #expect(try machine.dump() == own)
            #expect(try machine.namespaces == ["client", "web"])
        }
    }

    @Test func `a host whose container has gone is destroyed all the same`() throws {
        try withContainers { machine, bundle in
            let own = try machine.dump()
            #expect(try machine.weft("apply", file, "--host", "A").status == 0)
            try bundle.stop("web", on: machine)
            let destroyed = try machine.weft("destroy", "--host", "A")
            #expect(destroyed.status == 0, "\(destroyed.output)\(destroyed.errors)")
            try expectSame(machine.dump(), own)
        }
    }

    /// The kernel takes a namespace apart in its own time; as long as it has not, the pair's near end is there.
    @Test func `a host whose container's namespace lives on without its name keeps nothing of the pair`() throws {
        try withContainers { machine, _ in
            let own = try machine.dump()
            #expect(try machine.weft("apply", file, "--host", "A").status == 0)
            try machine.script("ip netns delete web")
            let destroyed = try machine.weft("destroy", "--host", "A")
            #expect(destroyed.status == 0, "\(destroyed.output)\(destroyed.errors)")
            expectSameLines(try machine.dump(), own)
        }
    }

    @Test func `the doctor names containers that run, by the process that a topology may name`() throws {
        try withContainers { machine, _ in
            let ids = try ["web", "client"].map { try machine.run("cat", "/run/\($0).pid").output }
            let report = try JSON(parsing: machine.weft("doctor", "--format", "json").output)
            let containers = try #require(report["containers"]?.array)
            for id in ids {
                let found = containers.first { $0["pid"]?.integer == Int64(id) }
                #expect(found?["command"] == "busybox", "\(containers)")
            }
            let text = try machine.weft("doctor").output
            for id in ids { #expect(text.contains("busybox (pid \(id))"), "\(text)") }
        }
    }

    @Test(arguments: ["netns", "pid"])
    func `a host with a running container leaves a lab and joins it again, and nobody else notices`(
        _ means: String
    ) throws {
        try withContainers { machine, bundle in
            var text = try TopologyFile("real-containers").text
            for name in ["web", "client"] where means == "pid" {
                let id = try machine.run("cat", "/run/\(name).pid").output
                text = text.replacing(#""netns": "/run/netns/\#(name)""#, with: #""pid": \#(id)"#)
            }
            var members = try #require(JSON(parsing: text).object)
            members["hosts"] = try .array([#require(members["hosts"]?.array?.first)])
            let rest = JSON.object(members).text
            let before = try machine.dump(netns: "client")
            let up = try machine.weft("lab", "up", "-", "--name", "real", input: text)
            defer { _ = try? machine.weft("lab", "down", "real") }
            try #require(up.status == 0, "\(up.errors)")
            #expect(try bundle.ping("172.17.8.2", from: "client", on: machine).status == 0)

            let left = try machine.weft("lab", "apply", "real", "-", input: rest)
            #expect(left.status == 0, "\(left.errors)")
            try expectSame(machine.dump(netns: "client"), before)
            #expect(try bundle.ping("172.17.8.3", from: "web", on: machine).status == 0)

            let joined = try machine.weft("lab", "apply", "real", "-", input: text)
            #expect(joined.status == 0, "\(joined.errors)")
            #expect(try bundle.ping("172.17.8.2", from: "client", on: machine).status == 0)
        }
    }

    @Test func `a host with a running container leaves and joins while a test looks on`() throws {
        try withContainers { machine, _ in
            let before = try machine.dump(netns: "client")
            let events =
                #""events": [{ "leave": "B", "lossless": [{ "from": "A2", "to": "web" }] }, { "join": "B" }], "#
            let text = try TopologyFile("real-containers").text
                .replacing(#""hosts": ["#, with: events + #""hosts": ["#)
            let finished = try machine.weft("test", "-", input: text)
            #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
            #expect(finished.output.contains("2 of 2 events"), "\(finished.output)")
            try expectSame(machine.dump(netns: "client"), before)
        }
    }

    @Test func `a process stands for its container`() throws {
        try withContainers { machine, _ in
            let id = try machine.run("cat", "/run/web.pid").output
            let text = try TopologyFile("real-containers").text
                .replacing(#""netns": "/run/netns/web""#, with: #""pid": \#(id)"#)
            let applied = try machine.weft("apply", "-", "--host", "A", input: text)
            #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
            #expect(applied.output.contains("/proc/\(id)/ns/net"))
            #expect(try machine.run("ip", "-n", "web", "link", "show", "eth0").status == 0)
            #expect(try machine.weft("destroy", "--host", "A").status == 0)
        }
    }

    @Test func `the commands that weft prints give a running container the same network`() throws {
        try withContainers { machine, bundle in
            let script = try machine.weft("compile", file, "--host", "A", "--format", "ip").output
            try machine.script(script)
            let answer = try bundle.ping("172.17.8.3", from: "web", on: machine)
            #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
        }
    }

    @Test(arguments: [["apply", "--host", "A"], ["plan", "--host", "A"], ["lab", "up"]])
    func `a container that does not run is named, and nothing is changed`(_ command: [String]) throws {
        let machine = try Machine()
        let before = try machine.dump()
        let finished = try machine.run([Weft.path] + command + [file])
        #expect(finished.status == 1)
        #expect(finished.errors.contains("container web"), "\(finished.errors)")
        #expect(finished.errors.contains("/run/netns/web"))
        #expect(finished.errors.contains("start the container first"))
        #expect(try machine.dump() == before)
    }

    @Test(arguments: [nil, "--strict-skip", TopologyFile("calico-two-hosts").url.path])
    func `a topology whose containers do not run is left out, and that is said`(_ further: String?) throws {
        let finished = try Machine().run([Weft.path, "test", file] + (further.map { [$0] } ?? []))
        let status: Int32 = further == nil ? 3 : further == "--strict-skip" ? 1 : 0
        #expect(finished.status == status, "\(finished.output)\(finished.errors)")
        #expect(
            finished.output.contains("container web: no network namespace at /run/netns/web"), "\(finished.output)")
    }

    @Test func `a container of another user's is left out, and the way out told`() throws {
        try withContainers { machine, _ in
            let finished = try machine.run("unshare", "--user", "--map-root-user", Weft.path, "test", file)
            #expect(finished.status == 3, "\(finished.output)\(finished.errors)")
            #expect(finished.output.contains("in the user namespace that the container was started in"))
        }
    }

    @Test func `a namespace that is the host's own is no container's`() throws {
        let machine = try Machine()
        let before = try machine.dump()
        let text = try TopologyFile("real-containers").text.replacing("/run/netns/web", with: "/proc/self/ns/net")
        let finished = try machine.weft("apply", "-", "--host", "A", input: text)
        #expect(finished.status == 1)
        #expect(finished.errors.contains("a container needs one of its own"), "\(finished.errors)")
        #expect(try machine.dump() == before)
    }
}
