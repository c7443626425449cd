import CLinux

/// The two ends of a path at work, each on a thread of its own, kept on a processor of its own where there are two, as
/// `netperf -T` and `iperf3 -A` do.
///
/// Left to itself, the scheduler now and then finds that both do best on one processor, where a round trip takes a third
/// of the time: the figures of one model then differ more than the models do.
enum TrafficThread {
    /// Starts the server's, then does the client's work until it is done.
    static func run<Sent: Sendable, Received: Sendable>(
        client: @escaping @Sendable () throws(SystemError) -> Sent,
        server: @escaping @Sendable () throws(SystemError) -> Received
    ) throws(SystemError) -> (sent: Sent, received: Received) {
        let receiving = try RunningThread { () throws(SystemError) in
            try keep(on: 1)
            return try server()
        }
        let sent = Result { () throws(SystemError) in
            try onNewThread { () throws(SystemError) in
                try keep(on: 0)
                return try client()
            }
        }
        let received = receiving.join()
        // Where the client has failed, the server has failed for want of it.
        return (try sent.get(), try received.get())
    }

    private static func keep(on place: UInt32) throws(SystemError) {
        try systemCall("keep a thread on a processor") { clinux_keep_on_processor(place) }
    }
}
