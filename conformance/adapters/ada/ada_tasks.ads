--  Ada's tasks as a subject, with the types of heddle/subject.h that it needs. A task has no value
--  to hand over, and nobody joins it: a termination handler opens a protected entry instead.
with Interfaces; use Interfaces;
with System;     use System;

package Ada_Tasks is
   type Outcome is record
      Tag, Payload, Os_Error, Reserved : Unsigned_32 := 0;
      Value       : Unsigned_64 := 0;
      Handle      : Address := Null_Address;
      Text        : Address := Null_Address;
      Text_Length : Unsigned_64 := 0;
      Next        : Address := Null_Address;
      Next_Env    : Unsigned_64 := 0;
   end record with Convention => C;

   Returned : constant := 0;
   Enter    : constant := 3;
   Failed   : constant := 4;

   type Body_Code is access procedure
     (Env : Unsigned_64; Argument : Address; Written : in out Outcome) with Convention => C;
   type Report_Death is access procedure
     (Cookie : Unsigned_64; Object : Address; Written : in out Outcome) with Convention => C;

   type Host is record
      Major, Minor       : Unsigned_32;
      Size, Outcome_Size : Unsigned_64;
      Dropped            : Report_Death;
   end record with Convention => C;

   function Heddle_Subject (Suite : access constant Host) return Address
     with Export, Convention => C, External_Name => "heddle_subject";
end Ada_Tasks;
