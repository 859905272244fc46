with Ada.Exceptions;
with Ada.Finalization;
with Ada.Task_Identification;
with Ada.Task_Termination;
with Ada.Unchecked_Conversion;
with Ada.Unchecked_Deallocation;

package body Ada_Tasks is
   The_Suite : access constant Host;

   --  Owns a cookie and reports its death. The suite asks for no panic, since none are offered.
   type Value is new Ada.Finalization.Limited_Controlled with record
      Cookie : Unsigned_64 := 0;
   end record;
   overriding procedure Finalize (Owned : in out Value);

   overriding procedure Finalize (Owned : in out Value) is
      Dying   : constant Unsigned_64 := Owned.Cookie;
      Ignored : Outcome;
   begin
      Owned.Cookie := 0;
      if Dying /= 0 then
         The_Suite.Dropped (Dying, Owned'Address, Ignored);
      end if;
   end Finalize;

   function To_Code is new Ada.Unchecked_Conversion (Address, Body_Code);

   --  Runs a body of the suite's and ends as it says. Both what it captured and its value die here.
   procedure Complete (Code : Body_Code; Env : Unsigned_64) is
      Captured : Value := (Ada.Finalization.Limited_Controlled with Cookie => Env);
      Ending   : Outcome;
      pragma Unreferenced (Captured);
   begin
      Code (Env, Null_Address, Ending);
      declare
         Left : Value := (Ada.Finalization.Limited_Controlled with Cookie => Ending.Value);
         pragma Unreferenced (Left);
      begin
         if Ending.Tag = Enter then
            Complete (To_Code (Ending.Next), Ending.Next_Env);
         end if;
      end;
   end Complete;

   protected type Termination is
      procedure Handle
        (Cause : Ada.Task_Termination.Cause_Of_Termination;
         Id    : Ada.Task_Identification.Task_Id;
         X     : Ada.Exceptions.Exception_Occurrence);
      entry Wait;
      function Is_Over return Boolean;
   private
      Over : Boolean := False;
   end Termination;

   protected body Termination is
      procedure Handle
        (Cause : Ada.Task_Termination.Cause_Of_Termination;
         Id    : Ada.Task_Identification.Task_Id;
         X     : Ada.Exceptions.Exception_Occurrence)
      is
         pragma Unreferenced (Cause, Id, X);
      begin
         Over := True;
      end Handle;

      entry Wait when Over is
      begin
         null;
      end Wait;

      function Is_Over return Boolean is (Over);
   end Termination;

   task type Runner is
      entry Start (Code : Body_Code; Env : Unsigned_64);
   end Runner;

   task body Runner is
      Given     : Body_Code;
      Given_Env : Unsigned_64;
   begin
      accept Start (Code : Body_Code; Env : Unsigned_64) do
         Given := Code;
         Given_Env := Env;
      end Start;
      Complete (Given, Given_Env);
   end Runner;

   type Runner_Access is access Runner;
   procedure Free is new Ada.Unchecked_Deallocation (Runner, Runner_Access);

   --  What a join handle points to.
   type Join_Handle is record
      Native : Runner_Access;
      Ended  : Termination;
   end record;
   type Join_Access is access Join_Handle;
   procedure Free is new Ada.Unchecked_Deallocation (Join_Handle, Join_Access);
   function To_Address is new Ada.Unchecked_Conversion (Join_Access, Address);
   function To_Join is new Ada.Unchecked_Conversion (Address, Join_Access);

   --  The builder is null, since no flag says that names or stack sizes are taken.
   procedure Spawn
     (Builder : Address; Code : Body_Code; Env : Unsigned_64; Written : in out Outcome)
     with Convention => C;
   procedure Spawn
     (Builder : Address; Code : Body_Code; Env : Unsigned_64; Written : in out Outcome)
   is
      pragma Unreferenced (Builder);
      Captured : Value;
      Handle   : Join_Access := new Join_Handle;
   begin
      Captured.Cookie := Env;
      Handle.Native := new Runner;
      Ada.Task_Termination.Set_Specific_Handler
        (Handle.Native.all'Identity, Handle.Ended.Handle'Access);
      Handle.Native.Start (Code, Env);
      Captured.Cookie := 0;  --  the task's now
      Written.Handle := To_Address (Handle);
   exception
      when others =>
         Finalize (Captured);  --  a call that fails has dropped what it was given
         Free (Handle);
         Written.Tag := Failed;
   end Spawn;

   procedure Join (Handle : Address; Written : in out Outcome) with Convention => C;
   procedure Join (Handle : Address; Written : in out Outcome) is
      pragma Unreferenced (Written);
      Taken : Join_Access := To_Join (Handle);
   begin
      Taken.Ended.Wait;
      while not Taken.Native'Terminated loop
         delay 0.0;  --  its handler was its last action, so it is about to end
      end loop;
      Free (Taken.Native);
      Free (Taken);
   end Join;

   procedure Is_Finished (Handle : Address; Written : in out Outcome) with Convention => C;
   procedure Is_Finished (Handle : Address; Written : in out Outcome) is
   begin
      Written.Value := Boolean'Pos (To_Join (Handle).Ended.Is_Over);
   end Is_Finished;

   procedure Sleep (Seconds : Unsigned_64; Nanoseconds : Unsigned_32; Written : in out Outcome)
     with Convention => C;
   procedure Sleep (Seconds : Unsigned_64; Nanoseconds : Unsigned_32; Written : in out Outcome) is
      pragma Unreferenced (Written);
      Longest : constant := 10 ** 9;  --  seconds, which GNAT's Duration holds
      Span    : Duration;
   begin
      if Seconds < Longest then
         Span := Duration (Seconds) + Duration (Nanoseconds) / 10 ** 9;
         delay Span;
      else
         delay Duration (Longest);
      end if;
   end Sleep;

   procedure Yield (Written : in out Outcome) with Convention => C;
   procedure Yield (Written : in out Outcome) is
      pragma Unreferenced (Written);
   begin
      delay 0.0;
   end Yield;

   type Functions is array (Positive range <>) of Address with Convention => C;

   type Spawning_Table is record
      Size, Flags : Unsigned_64;
      Of_Spawning : Functions (1 .. 9);
   end record with Convention => C;
   type Pausing_Table is record
      Size, Flags : Unsigned_64;
      Of_Pausing  : Functions (1 .. 2);
   end record with Convention => C;
   type Subject_Table is record
      Major, Minor                    : Unsigned_32;
      Size, Outcome_Size, Flags       : Unsigned_64;
      Name, Version, Profile          : Address;
      Deviations                      : Address;
      Deviation_Count                 : Unsigned_64;
      Spawning, Threads, Parking      : Address;
      Pausing                         : Address;
      Others_Of_Subject               : Functions (1 .. 8);
   end record with Convention => C;

   Name    : aliased constant String := "Ada tasks" & ASCII.NUL;
   Version : aliased constant String := "GNAT" & ASCII.NUL;
   Profile : aliased constant String := (1 => ASCII.NUL);

   Sleeps_Whole : constant := 1;  --  ARM 9.6 (20): blocked until the expiration time is reached

   Spawning : aliased constant Spawning_Table :=
     (Size        => Spawning_Table'Size / 8,
      Flags       => 0,
      Of_Spawning =>
        (1 => Spawn'Address, 3 => Join'Address, 6 => Is_Finished'Address,
         others => Null_Address));
   Pausing  : aliased constant Pausing_Table :=
     (Size       => Pausing_Table'Size / 8,
      Flags      => Sleeps_Whole,
      Of_Pausing => (Sleep'Address, Yield'Address));
   Subject  : aliased constant Subject_Table :=
     (Major             => 1,
      Minor             => 0,
      Size              => Subject_Table'Size / 8,
      Outcome_Size      => Outcome'Size / 8,
      Flags             => 0,
      Name              => Name'Address,
      Version           => Version'Address,
      Profile           => Profile'Address,
      Deviations        => Null_Address,
      Deviation_Count   => 0,
      Spawning          => Spawning'Address,
      Threads           => Null_Address,
      Parking           => Null_Address,
      Pausing           => Pausing'Address,
      Others_Of_Subject => (others => Null_Address));

   function Heddle_Subject (Suite : access constant Host) return Address is
   begin
      if Suite.Major /= Subject.Major then
         return Null_Address;
      end if;
      The_Suite := Suite;
      return Subject'Address;
   end Heddle_Subject;
end Ada_Tasks;
