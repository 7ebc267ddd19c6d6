import { UserDto } from '@concepta/nestjs-user';
import { ApiProperty } from '@nestjs/swagger';
import { Exclude, Expose } from 'class-transformer';

@Exclude()
export class MeDto extends UserDto {
  @ApiProperty({ type: [String], example: ['user'] })
  @Expose()
  roles: string[] = [];
}
